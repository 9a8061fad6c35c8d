/** Texts of the panel in the language that is spoken. They are written in English, where they are used; a text without a translation does not compile. */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Language } from '../contract/language.ts';
import { catalogs } from './catalogs.ts';
import type { german } from './german/all.ts';
import { spoken } from './spoken.ts';

/** Any text that there is: an ICU message, in English. */
export type Text = keyof typeof german;
type Values = Readonly<Record<string, string | number | Date>>;

const compiled = new Map<string, IntlMessageFormat>();
function messageOf(text: string, language: Language): IntlMessageFormat {
  const key = `${language} ${text}`;
  const known = compiled.get(key);
  if (known !== undefined) return known;
  const message = new IntlMessageFormat(catalogs()[language]?.texts[text] ?? text, language);
  compiled.set(key, message);
  return message;
}

/** `t('{n, plural, one {# backup} other {# backups}} of {name}', { n, name })`. Never at the top of a module: nobody speaks yet there. */
export function t(text: Text, values?: Values): string {
  const language = spoken();
  if (values === undefined) return catalogs()[language]?.texts[text] ?? text;
  return String(messageOf(text, language).format(values));
}

type Inner<T> = (inner: (string | T)[]) => T;
type Rich<T> = Record<string, string | number | boolean | Date | null | undefined | T | Inner<T>>;

/** The same with elements in it: `rich('Type <b>{name}</b>', { name, b: (inner) => <strong key="b">{inner}</strong> })`. */
export function rich<T>(text: Text, values: Rich<T>): string | T | (string | T)[] {
  return messageOf(text, spoken()).format<T>(values);
}
