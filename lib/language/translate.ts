/**
 * What the portal and the hosts have said (errors, mails, the outcome of an operation) is English where it is made, written down and logged; it is
 * translated where somebody reads it. The catalog knows sentences with `{places}` that stand for whatever was put in.
 */
import { IntlMessageFormat } from 'intl-messageformat';
import type { Problem } from '../contract/errors.ts';
import type { Language } from '../contract/language.ts';
import { type Catalog, catalogs } from './catalogs.ts';
import { spoken } from './spoken.ts';

/** What stays as it is, and places. */
type Piece = { literal: string } | { place: string };
/** `message`: where the words have plurals of their own, of the numbers in `counts`. */
type Pattern = {
  pieces: readonly Piece[];
  words: readonly Piece[];
  message: IntlMessageFormat | null;
  counts: string[];
};
type Known = {
  language: Language;
  whole: ReadonlyMap<string, string>;
  patterns: readonly Pattern[];
  fragments: readonly Pattern[];
};

const known = new WeakMap<object, Known>();
/** A key that begins so is no sentence but a part of one: it is looked for in places named `…Said` alone. */
export const fragmentMark = '… ';

/** An ICU message without plurals, taken apart: `{place}`, and `'{'` for what is no place. */
export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  const literal = (more: string) => {
    const last = pieces.at(-1);
    if (more === '') return;
    if (last !== undefined && 'literal' in last) last.literal += more;
    else pieces.push({ literal: more });
  };
  for (const found of text.matchAll(/\{(\w+)\}|'([{}<>][^']*)'/g)) {
    literal(text.slice(from, found.index));
    if (found[1] !== undefined) pieces.push({ place: found[1] });
    else literal(found[2] ?? '');
    from = found.index + found[0].length;
  }
  literal(text.slice(from));
  return pieces;
}

const plain = (pieces: readonly Piece[]) => pieces.map((one) => ('literal' in one ? one.literal : '')).join('');
const lengthOf = ({ pieces }: Pattern) => plain(pieces).length;
/** A text that is all places would be seen in anything that anybody wrote. */
const leastLetters = 4;
const lettersOf = ({ pieces }: Pattern) => plain(pieces).replace(/[^\p{L}]/gu, '').length;

function knownOf(catalog: Catalog, language: Language): Known {
  const before = known.get(catalog);
  if (before !== undefined) return before;
  const whole = new Map<string, string>();
  const patterns: Pattern[] = [];
  const fragments: Pattern[] = [];
  // Whatever the pages say besides is known as a whole; its places would be seen in sentences of anybody's.
  for (const [text, words] of Object.entries(catalog.texts)) if (!/[{<]/.test(text)) whole.set(text, words);
  for (const [text, words] of Object.entries(catalog.said)) {
    // Those with plurals and the like, and with elements in them, are the pages' own.
    if (/\{\w+,/.test(text) || /<\w+>/.test(text.replace(/'[{}<>][^']*'/g, ''))) continue;
    const isFragment = text.startsWith(fragmentMark);
    const pieces = piecesOf(isFragment ? text.slice(fragmentMark.length) : text);
    const own = isFragment ? words.slice(fragmentMark.length) : words;
    const counts = [...own.matchAll(/\{(\w+), ?plural/g)].map(([, name]) => name ?? '');
    const message = counts.length > 0 ? new IntlMessageFormat(own, language) : null;
    const made = { pieces, words: piecesOf(own), message, counts };
    if (isFragment) fragments.push(made);
    else if (!pieces.some((one) => 'place' in one)) whole.set(plain(pieces), plain(made.words));
    else if (lettersOf(made) >= leastLetters) patterns.push(made);
  }
  // What says more is asked first: a general sentence would fit what a special one says better.
  for (const list of [patterns, fragments]) list.sort((a, b) => lengthOf(b) - lengthOf(a));
  const made = { language, whole, patterns, fragments };
  known.set(catalog, made);
  return made;
}

/**
 * What was put in the places, or undefined when the text is not of this pattern. From left to right without going back, so that a long
 * text of somebody's costs no more than its length; every place has something in it.
 */
function valuesIn(text: string, { pieces }: Pattern): Map<string, string> | undefined {
  const values = new Map<string, string>();
  let at = 0;
  let open: string | undefined;
  for (const [n, piece] of pieces.entries()) {
    if ('place' in piece) {
      open = piece.place;
      continue;
    }
    const { literal } = piece;
    const isLast = n === pieces.length - 1;
    const from = open === undefined ? at : at + 1;
    const found =
      open === undefined
        ? text.startsWith(literal, at)
          ? at
          : -1
        : isLast
          ? text.endsWith(literal) && text.length - literal.length >= from
            ? text.length - literal.length
            : -1
          : text.indexOf(literal, from);
    if (found === -1) return undefined;
    if (open !== undefined) values.set(open, text.slice(at, found));
    open = undefined;
    at = found + literal.length;
  }
  if (open !== undefined && at < text.length) values.set(open, text.slice(at));
  else if (open !== undefined || at < text.length) return undefined;
  return values;
}

const isSaid = (name: string) => name.endsWith('Said');
/** A number in a place called `amount` is written as in the language; numbers elsewhere may be versions and the like, and stay. */
const numberIn = (text: string, language: Language) =>
  /^\d{1,15}(\.\d{1,15})?$/.test(text)
    ? Number(text).toLocaleString(language, { useGrouping: false, maximumFractionDigits: 15 })
    : text;

function bySome(text: string, patterns: readonly Pattern[], catalog: Known): string | undefined {
  for (const pattern of patterns) {
    const values = valuesIn(text, pattern);
    if (values === undefined) continue;
    if (pattern.message !== null) {
      if (!pattern.counts.every((name) => /^\d{1,15}$/.test(values.get(name) ?? ''))) continue;
      const given = [...values].map(([name, value]) => [name, pattern.counts.includes(name) ? Number(value) : value]);
      return String(pattern.message.format(Object.fromEntries(given)));
    }
    return pattern.words
      .map((one) => {
        if ('literal' in one) return one.literal;
        const value = values.get(one.place) ?? '';
        if (one.place === 'amount') return numberIn(value, catalog.language);
        return isSaid(one.place) ? partsOf(value, catalog) : value;
      })
      .join('');
  }
  return undefined;
}

/** A place whose name ends in `Said` holds what was said by us as well: one thing, or several with semicolons or commas between them. */
function partsOf(value: string, catalog: Known): string {
  const known = (text: string) =>
    catalog.whole.get(text) ??
    catalog.whole.get(`${text.slice(0, 1).toUpperCase()}${text.slice(1)}`) ??
    bySome(text, catalog.patterns, catalog);
  const whole = known(value);
  if (whole !== undefined) return whole;
  if (value.includes('; '))
    return value
      .split('; ')
      .map((one) => partsOf(one, catalog))
      .join('; ');
  // A name may have a comma in it: a list is one when all of it is known. Before fragments: one of those would take what is before a comma for a name.
  const list = value.includes(', ')
    ? value.split(', ').map((one) => known(one) ?? bySome(one, catalog.fragments, catalog))
    : [undefined];
  return list.every((one) => one !== undefined)
    ? list.join(', ')
    : (bySome(value, catalog.fragments, catalog) ?? value);
}

/** The sentence in this language; as it is when nobody has translated it. */
export function translate(text: string, language: Language): string {
  const catalog = catalogs()[language];
  if (catalog === undefined) return text;
  const all = knownOf(catalog, language);
  return all.whole.get(text) ?? bySome(text, all.patterns, all) ?? text;
}

/** The same of what is no sentence but a part of one, or a list of such: `4 GB of memory`. */
export function translatePart(text: string, language: Language): string {
  const catalog = catalogs()[language];
  return catalog === undefined ? text : partsOf(text, knownOf(catalog, language));
}

/**
 * A list line by line, when each line of it is known; anything else as a whole, or else paragraph by paragraph, and line by line where a
 * whole one is not known.
 */
export function translateAll(text: string, language: Language): string {
  if (catalogs()[language] === undefined) return text;
  const byLine = (lines: readonly string[]) => lines.map((line) => translate(line, language));
  const paragraph = (one: string): string => {
    const lines = one.split('\n');
    const said = byLine(lines);
    // First, for a pattern of one line would take the lines after it for what its last place holds.
    if (said.every((line, n) => line !== lines[n])) return said.join('\n');
    const whole = translate(one, language);
    return whole === one ? said.join('\n') : whole;
  };
  const whole = paragraph(text);
  return whole === text ? text.split('\n\n').map(paragraph).join('\n\n') : whole;
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
