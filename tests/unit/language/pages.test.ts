import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { german } from '#lib/language/german/all.ts';
import { translatedSources, untranslated } from './untranslated.ts';

/** What looks like words, and is none that anybody reads as such: examples of what is typed, names of columns for programs, bytes. */
const noWords = new Set([
  ...['#2dd4bf', 'debian-12, tiny', '/root/restored', 'us-east-1'],
  ...['name', 'size', 'modified', '…&unchangedSince=…', 'ÿØÿ', 'AbortError'],
  'mt-0.5 flex items-start gap-1 text-left text-xs font-[550] …',
]);
const root = new URL('../../../', import.meta.url);

it('every text of a page is said in the language of its reader, and none before anybody speaks', () => {
  const files = translatedSources();
  expect(files.length).toBeGreaterThan(250);
  const left = files.flatMap((file) =>
    untranslated(file, readFileSync(new URL(file, root), 'utf8'), (text) => text in german)
      .filter(({ text, why }) => why === 'too early' || why === 'case' || !noWords.has(text))
      .map(({ line, text, why }) => `${file}:${line} ${why}: ${text}`),
  );
  expect(left).toEqual([]);
});

it.each([
  ['<p>Some words</p>', 'element'],
  ['<Button title="Some words" />', 'attribute'],
  ['<p>{on ? "Some words" : null}</p>', 'text'],
  ['<p>{`' + '$' + '{n} words here`}</p>', 'text'],
])('finds what goes past: %s', (source, why) => {
  expect(untranslated('page.tsx', `export const Page = () => ${source};`, () => false)).toMatchObject([{ why }]);
});

it.each(['t(words[rule]).toLowerCase()', 'kindWords[kind].noun.toLowerCase()', 'said(title).toLocaleUpperCase()'])(
  'finds what takes its case from English: %s',
  (expression) => {
    const source = `export const Page = () => <p>{${expression}}</p>;`;
    expect(untranslated('page.tsx', source, () => true)).toMatchObject([{ why: 'case' }]);
  },
);

it('finds what is said too early', () => {
  expect(untranslated('words.ts', "export const title = t('Cancel');", () => true)).toMatchObject([
    { why: 'too early' },
  ]);
});
