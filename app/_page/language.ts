import { cache } from 'react';
import { currentActor } from '#lib/auth/page.ts';
import type { Language } from '#lib/contract/language.ts';
import { speak } from '#lib/language/ambient.ts';
import { spoken } from '#lib/language/spoken.ts';

/** Who asks, once per request, however many layouts and pages want to know; from then on the request is in their language. */
export const actorNow = cache(async () => {
  const actor = await currentActor();
  if (actor?.language != null) speak(actor.language);
  return actor;
});

/** The language of this page. */
export const languageNow = cache(async (): Promise<Language> => {
  await actorNow();
  return spoken();
});
