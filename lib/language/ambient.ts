/** On a server: each request, mail and answer has a language of its own. */
import { AsyncLocalStorage } from 'node:async_hooks';
import type { Language } from '../contract/language.ts';
import { processSlot } from '../process-slot.ts';
import { spokenOnServer } from './spoken.ts';

type Speaking = { language: Language };
const slot = processSlot<AsyncLocalStorage<Speaking>>('language');

function storage(): AsyncLocalStorage<Speaking> {
  const known = slot.peek();
  if (known !== undefined) return known;
  const made = new AsyncLocalStorage<Speaking>();
  slot.set(made);
  spokenOnServer.set(() => made.getStore()?.language);
  return made;
}

/** Does the work in this language. */
export function inLanguage<T>(language: Language, work: () => T): T {
  return storage().run({ language }, work);
}

/** From here on the work that is going on is in this language: for who turns out, under way, to have chosen one. */
export function speak(language: Language): void {
  const speaking = storage().getStore();
  if (speaking !== undefined) speaking.language = language;
}
