/**
 * What the portal and the hosts have said (errors, mails, the outcome of an operation) is English where it is made, written down and logged; it is
 * translated where somebody reads it. The catalog knows sentences with `{places}` that stand for whatever was put in.
 */
import type { Problem } from '../contract/errors.ts';
import type { Language } from '../contract/language.ts';
import { catalogs } from './catalogs.ts';
import { spoken } from './spoken.ts';

type Pattern = { fits: RegExp; names: string[]; words: string };
const place = /\{(\w+)\}/g;
const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const known = new WeakMap<object, Pattern[]>();

function patternsOf(catalog: Readonly<Record<string, string>>): Pattern[] {
  const before = known.get(catalog);
  if (before !== undefined) return before;
  const made = Object.entries(catalog)
    // Those with plurals and the like are the pages' own.
    .filter(([text]) => /\{\w+\}/.test(text) && !/\{\w+,/.test(text))
    // What says more is asked first: a general sentence would fit what a special one says better.
    .sort(([a], [b]) => b.replace(place, '').length - a.replace(place, '').length)
    .map(([text, words]) => ({
      fits: new RegExp(
        `^${text
          .split(place)
          .map((part, n) => (n % 2 === 0 ? literally(part) : '([\\s\\S]+?)'))
          .join('')}$`,
      ),
      names: [...text.matchAll(place)].map(([, name]) => name ?? ''),
      words,
    }));
  known.set(catalog, made);
  return made;
}

/** The sentence in this language; as it is when nobody has translated it. */
export function translate(text: string, language: Language): string {
  const catalog = catalogs()[language];
  if (catalog === undefined) return text;
  const whole = catalog[text];
  if (whole !== undefined) return whole;
  for (const { fits, names, words } of patternsOf(catalog)) {
    const found = fits.exec(text);
    if (found === null) continue;
    const values = Object.fromEntries(names.map((name, n) => [name, found[n + 1] ?? '']));
    return words.replace(place, (_, name: string) => values[name] ?? '');
  }
  return text;
}

/** Paragraph by paragraph, and line by line where a whole one is not known. */
export function translateAll(text: string, language: Language): string {
  if (catalogs()[language] === undefined) return text;
  return text
    .split('\n\n')
    .map((paragraph) => {
      const whole = translate(paragraph, language);
      return whole === paragraph
        ? paragraph
            .split('\n')
            .map((line) => translate(line, language))
            .join('\n')
        : whole;
    })
    .join('\n\n');
}

/** What a reader sees of a problem. Its code and paths are for programs and stay. */
export function problemIn(problem: Problem, language: Language): Problem {
  const { title, detail, remedy, issues } = problem;
  return {
    ...problem,
    title: translate(title, language),
    ...(detail === undefined ? {} : { detail: translate(detail, language) }),
    ...(remedy === undefined ? {} : { remedy: translate(remedy, language) }),
    ...(issues === undefined
      ? {}
      : { issues: issues.map((one) => ({ ...one, message: translate(one.message, language) })) }),
  };
}

/** For pages: a sentence of the portal's or a host's in the language of the page. */
export const said = (text: string) => translate(text, spoken());
