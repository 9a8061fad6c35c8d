import { readdirSync } from 'node:fs';
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import { fragmentMark } from '#lib/language/translate.ts';

const folder = new URL('../../../lib/language/german/', import.meta.url);
const catalogs = await Promise.all(
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('all.ts'))
    .map(async (file) => ({
      file,
      texts: Object.entries(Object.values(await import(new URL(file, folder).pathname))[0] as Record<string, string>),
    })),
);

type Element = ReturnType<IntlMessageFormat['getAst']>[number];
/** Places and tags of a message. One language may count what another only names, so an argument is an argument. */
function partsOf(message: string, language: string): string[] {
  const found = new Set<string>();
  const walk = (elements: readonly Element[]): void => {
    for (const one of elements) {
      if (one.type !== 0 && one.type !== 7) found.add(one.type === 8 ? `<${one.value}>` : one.value);
      if ('options' in one) for (const option of Object.values(one.options)) walk(option.value);
      if ('children' in one) walk(one.children);
    }
  };
  walk(new IntlMessageFormat(message, language).getAst());
  return [...found].sort();
}

describe('the German catalogs', () => {
  it.each(catalogs)('$file: each message is one, with the places, arguments and tags of the English', ({ texts }) => {
    const wrong = texts.flatMap(([english, german]) => {
      try {
        const [given, had] = [partsOf(english, 'en'), partsOf(german, 'de')];
        return given.join() === had.join() ? [] : [`“${english}”: ${given.join()}, in German ${had.join()}`];
      } catch (error) {
        return [`“${english}”: ${String(error)}`];
      }
    });
    expect(wrong).toEqual([]);
  });

  it.each(catalogs)('$file: fragments are fragments in German too, and a text in lines stays in them', ({ texts }) => {
    const wrong = texts.filter(
      ([english, german]) =>
        english.startsWith(fragmentMark) !== german.startsWith(fragmentMark) ||
        /^\s*/.exec(english)?.[0] !== /^\s*/.exec(german)?.[0] ||
        german.trim() === '',
    );
    expect(wrong).toEqual([]);
  });

  it('have no text twice with different German', () => {
    const all = new Map<string, { file: string; german: string }[]>();
    for (const { file, texts } of catalogs)
      for (const [english, german] of texts) all.set(english, [...(all.get(english) ?? []), { file, german }]);
    const twice = [...all].filter(([, found]) => found.length > 1);
    for (const [english, found] of twice)
      process.stdout.write(`twice: “${english}” in ${found.map((one) => one.file).join(', ')}\n`);
    const different = twice.filter(([, found]) => new Set(found.map((one) => one.german)).size > 1);
    expect(
      different.map(
        ([english, found]) => `“${english}”: ${found.map((one) => `${one.german} (${one.file})`).join(', ')}`,
      ),
    ).toEqual([]);
  });
});
