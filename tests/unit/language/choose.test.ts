import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inLanguage, speak } from '#lib/language/ambient.ts';
import { acceptedLanguage } from '#lib/language/choose.ts';
import { loadLanguages } from '#lib/language/load.ts';
import { spoken } from '#lib/language/spoken.ts';
import { t } from '#lib/language/text.ts';
import { languageOf } from '#server/http/language.ts';

loadLanguages();

describe('Accept-Language', () => {
  it.each([
    ['de', 'de'],
    ['de-AT,de;q=0.9,en;q=0.8', 'de'],
    ['fr, en;q=0.4, de;q=0.6', 'de'],
    ['DE', 'de'],
    ['en-GB,en', 'en'],
    ['de;q=0, en;q=0.1', 'en'],
    ['fr-CH', undefined],
    ['*', undefined],
    ['', undefined],
    [undefined, undefined],
  ])('%s is %s', (header, language) => {
    expect(acceptedLanguage(header)).toBe(language);
  });

  it('may be anything', () => {
    fc.assert(fc.property(fc.string(), (header) => [undefined, 'en', 'de'].includes(acceptedLanguage(header))));
  });
});

describe('a request', () => {
  const ask = (url: string, headers: Record<string, string>, language: 'de' | 'en' | null = null) =>
    languageOf({ url, headers } as never, { language });

  it('for a page goes by what was chosen in the browser, then by the brand, then by the browser', () => {
    expect(ask('/', { cookie: 'a=b; berth-language=de', 'accept-language': 'en' }, 'en')).toBe('de');
    expect(ask('/', { 'accept-language': 'en' }, 'de')).toBe('de');
    expect(ask('/', { 'accept-language': 'de' })).toBe('de');
    expect(ask('/', { cookie: 'not-berth-language=de; berth-language=xx' })).toBe('en');
  });

  it('of a program is answered in what it asks for alone', () => {
    expect(ask('/api/v1/me', { cookie: 'berth-language=de' }, 'de')).toBe('en');
    expect(ask('/api/v1/me', { 'accept-language': 'de' })).toBe('de');
  });
});

it('two requests at once do not hear each other, and one may turn out to be in another language', async () => {
  const heard = await Promise.all(
    (['de', 'en', 'de'] as const).map((language) =>
      inLanguage(language, async () => {
        await Promise.resolve();
        if (language === 'en') speak('de');
        await new Promise((resolve) => setImmediate(resolve));
        return [spoken(), t('Cancel')];
      }),
    ),
  );
  expect(heard).toEqual(Array.from({ length: 3 }, () => ['de', 'Abbrechen']));
  expect(t('Cancel')).toBe('Cancel');
});
