import { Language } from '../contract/language.ts';
import { processSlot } from '../process-slot.ts';

/** Asks what the work that is going on is done in: on a server each request has its own answer, see ambient.ts. */
export const spokenOnServer = processSlot<() => Language | undefined>('spoken');

/** The language of this page, request or mail: in a browser the document's, on a server the one of the work that is going on. */
export function spoken(): Language {
  if (typeof document !== 'undefined') return Language.safeParse(document.documentElement.lang).data ?? 'en';
  return spokenOnServer.peek()?.() ?? 'en';
}
