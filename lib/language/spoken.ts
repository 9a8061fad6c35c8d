import { Language } from '../contract/language.ts';

const slot = Symbol.for('berth.spoken');
/** Asks what the work that is going on is done in; on a server each request has its own answer, see ambient.ts. */
export type Asked = () => Language | undefined;

/** The language of this page, request or mail: in a browser the document's, on a server the one of the work that is going on. */
export function spoken(): Language {
  if (typeof document !== 'undefined') return Language.safeParse(document.documentElement.lang).data ?? 'en';
  return (globalThis as { [slot]?: Asked })[slot]?.() ?? 'en';
}

/** For a server: where {@link spoken} is to ask. One for all copies of this module in a process. */
export function askSpoken(asked: Asked): void {
  (globalThis as { [slot]?: Asked })[slot] = asked;
}
