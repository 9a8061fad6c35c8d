import type { IncomingMessage } from 'node:http';
import { Language } from '#lib/contract/language.ts';
import { acceptedLanguage } from '#lib/language/choose.ts';
import { languageCookie } from '#lib/language/cookie.ts';
import type { Site } from './headers.ts';

/**
 * What a request is answered in. Programs get what they ask for, English otherwise. For pages what was chosen in this browser counts most, then what the
 * brand says; what somebody has chosen for all their browsers is known once it is known who they are (app/_page/language.ts).
 */
export function languageOf({ url = '/', headers }: IncomingMessage, { language }: Pick<Site, 'language'>): Language {
  const accepted = acceptedLanguage(headers['accept-language']);
  if (url.startsWith('/api/')) return accepted ?? 'en';
  const kept = new RegExp(`(?:^|;\\s*)${languageCookie}=(\\w+)`).exec(headers.cookie ?? '')?.[1];
  return Language.safeParse(kept).data ?? language ?? accepted ?? 'en';
}
