import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { errorCodes } from '#lib/contract/errors.ts';
import { heldReason, holdWords } from '#lib/contract/holds.ts';
import { operationSteps } from '#lib/contract/operations.ts';
import { permissions as rights } from '#lib/contract/permissions.ts';
import { quotaKinds } from '#lib/contract/resellers.ts';
import { roleWords } from '#lib/contract/roles.ts';
import { routes } from '#lib/contract/routes.ts';
import { ContainerState, ContainerVerb, permitted } from '#lib/contract/states.ts';
import { addCatalog } from '#lib/language/catalogs.ts';
import { german } from '#lib/language/german/all.ts';
import { said as ofWhatIsSaid } from '#lib/language/german/said/all.ts';
import { fragmentMark, piecesOf, translate, translateAll } from '#lib/language/translate.ts';
import { amountOf, overNotice } from '#lib/resellers/words.ts';
import { place } from './resolve.ts';
import { allSaid, fault, withoutGerman } from './said.ts';

addCatalog('de', { texts: german, said: ofWhatIsSaid });

const found = allSaid();

describe('what the portal and the hosts say', () => {
  it('is found in the sources', () => {
    expect(found.length).toBeGreaterThan(900);
    const texts = new Set(found.map((one) => one.text));
    // One of each way in which a text is made there.
    for (const text of [
      'The backup is being opened.',
      'is taken',
      `The plan "${place}" allows ${place} backups.`,
      'Not now: it is active.',
      'The archive is not well-formed: a size is negative.',
      'Copying the file system at one instant',
      'must be one line, without control characters',
      `Hello ${place},`,
      `  ${place}: there is no complete backup of it`,
      `They wrote: ${place}`,
    ])
      expect(texts).toContain(text);
  });

  it('has German, all of it', () => {
    expect(withoutGerman(found)).toEqual([]);
  });

  it('has German in the tables of the contract', () => {
    const all = [
      ...Object.values(errorCodes).map((one) => one.title),
      ...Object.values(rights),
      ...Object.values(roleWords).flatMap((one) => [one.title, one.about]),
      ...Object.values(holdWords).flatMap((one) => Object.values(one)),
      ...Object.values(operationSteps).flatMap((steps) => Object.values(steps)),
      ...Object.values(routes).map((one) => one.summary),
      heldReason,
    ];
    expect(all.filter((text) => !(text in german))).toEqual([]);
  });

  it('has German for whatever the table of states refuses', () => {
    const reasons = new Set(
      ContainerVerb.options.flatMap((verb) =>
        ContainerState.options.flatMap((state) =>
          [[], [{ reason: 'billing' }, { reason: 'abuse' }]].flatMap((holds) => {
            const verdict = permitted(verb, { state, holds, templateName: 'debian-12' });
            return verdict.allowed ? [] : [verdict.reason];
          }),
        ),
      ),
    );
    expect(reasons.size).toBeGreaterThan(10);
    expect([...reasons].flatMap((text) => fault(text) ?? [])).toEqual([]);
    expect(translate('Not while there is a hold (billing, abuse).', 'de')).toBe(
      'Nicht, solange eine Sperre besteht (Abrechnung, Missbrauch).',
    );
  });
});

describe('what a reseller is told of its quota', () => {
  it('names what is beyond it, and amounts as they are written in German', () => {
    for (const kind of quotaKinds) {
      expect(translate(overNotice([kind, 'maxContainers']) ?? '', 'de')).not.toMatch(
        /memory|disk|space|cores|containers/,
      );
      const words = amountOf(kind, kind === 'maxContainers' || kind === 'cpuCores' ? 2.5 : 2.5 * 1024 ** 3);
      const told = translate(`Not even one container of this plan would fit the quota of ${words}.`, 'de');
      expect(told).not.toMatch(/memory|disk|space|cores|containers/);
      if (kind !== 'maxContainers') expect(told).toContain('2,5 ');
    }
    const versions = translate('An operation on debian 12.5 is stuck', 'de');
    expect(versions).toBe('Ein Vorgang an debian 12.5 hängt fest');
  });
});

describe('what zod says', () => {
  const schema = z.strictObject({
    text: z.string().min(2).max(4),
    exact: z.string().length(3),
    number: z.number().min(1).max(9),
    whole: z.int(),
    above: z.number().gt(3).lt(5),
    step: z.number().multipleOf(5),
    list: z.array(z.string()).min(1).max(2),
    choice: z.enum(['one', 'two']),
    only: z.literal('sure'),
    either: z.union([z.string(), z.number()]),
    kind: z.discriminatedUnion('is', [z.object({ is: z.literal('a') }), z.object({ is: z.literal('b') })]),
    mail: z.email(),
    url: z.url(),
    id: z.uuidv7(),
    at: z.iso.datetime({ offset: true }),
    day: z.iso.date(),
    v4: z.ipv4(),
    range: z.cidrv4(),
    pattern: z.string().regex(/^a/),
    record: z.record(z.enum(['a']), z.string()),
    flag: z.boolean(),
  });
  const wrong: unknown[] = [
    {},
    { text: 'a', exact: 'ab', number: 0, whole: 1.5, above: 3, step: 3, list: [], choice: 'three', only: 'else' },
    { text: 'abcde', exact: 'abcd', number: 10, whole: 2 ** 60, above: 5, list: ['', '', ''], either: null, kind: {} },
    {
      mail: 'x',
      url: 'x',
      id: 'x',
      at: 'x',
      day: 'x',
      v4: 'x',
      range: 'x',
      pattern: 'x',
      record: { b: 'x' },
      extra: 1,
    },
    { extra: 1, another: 2, kind: { is: 'c' }, flag: 'yes', list: 'x', number: '1', record: 1 },
    null,
  ];

  it('has German', () => {
    const messages = new Set(
      wrong.flatMap((one) => schema.safeParse(one).error?.issues.map((issue) => issue.message) ?? []),
    );
    expect(messages.size).toBeGreaterThan(25);
    expect([...messages].flatMap((text) => (fault(text) === undefined ? [] : `${text}: ${fault(text)}`))).toEqual([]);
  });
});

describe('a pattern', () => {
  const patterns = Object.entries<string>(ofWhatIsSaid).filter(
    ([text, words]) =>
      !/\{\w+,/.test(words) &&
      !text.startsWith(fragmentMark) &&
      !/\{\w+,/.test(text) &&
      !/<\w+>/.test(text) &&
      /\{\w+\}/.test(text),
  );

  it('gives what was put in back at its place in the German', () => {
    // What is put in has nothing of what stands between the places, or nobody could tell where it ends.
    const value = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }).map((text) => `«${text}»`);
    fc.assert(
      fc.property(
        fc.constantFrom(...patterns),
        fc.array(value, { minLength: 8, maxLength: 8 }),
        ([text, words], given) => {
          const pieces = piecesOf(text);
          const literals = pieces.flatMap((one) => ('literal' in one ? [one.literal] : []));
          fc.pre(
            !given.some((one) => literals.some((literal) => literal.trim() !== '' && one.includes(literal.trim()))),
          );
          const names = [...new Set(pieces.flatMap((one) => ('place' in one ? [one.place] : [])))];
          const put = (message: string) =>
            piecesOf(message)
              .map((one) => ('literal' in one ? one.literal : (given[names.indexOf(one.place)] ?? '')))
              .join('');
          fc.pre(put(text).length > 0 && names.length <= given.length);
          expect(translate(put(text), 'de')).toBe(put(words));
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it('may have plurals in German alone', () => {
    expect(translate('Too many attempts. Try again in 1 minutes.', 'de')).toBe(
      'Zu viele Versuche. Versuchen Sie es in einer Minute wieder.',
    );
    expect(translate('Too many attempts. Try again in 7 minutes.', 'de')).toBe(
      'Zu viele Versuche. Versuchen Sie es in 7 Minuten wieder.',
    );
  });

  it('is not seen in what somebody wrote', () => {
    for (const text of ['web-1', 'My container is down, please help.', 'a: b', '3 of 5', 'http://example.net/x'])
      expect(translate(text, 'de')).toBe(text);
  });

  it('takes long texts no longer than they are', () => {
    const before = performance.now();
    const long = 'of the plan over and made by at in: '.repeat(30_000);
    expect(translate(long, 'de')).toBe(long);
    expect(performance.now() - before).toBeLessThan(2_000);
  });

  it('translates what a place holds, where that was said too', () => {
    expect(translate('Nobody can give what they do not have: start containers; see backups.', 'de')).toBe(
      'Niemand kann geben, was er nicht hat: Container starten; Sicherungen ansehen.',
    );
    expect(
      translate(
        'No role allows it here. There is: Viewer over containers of Acme labelled web; My own over Acme.',
        'de',
      ),
    ).toBe('Hier erlaubt es keine Rolle. Es gibt: Leser über Container von Acme mit dem Label web; My own über Acme.');
  });

  it('is looked for by paragraph, then by line', () => {
    expect(
      translateAll('Hello Ann,\n\n  web: there is no complete backup of it\n  and 3 more\n\nhttps://x.example', 'de'),
    ).toBe('Guten Tag Ann,\n\n  web: davon gibt es keine vollständige Sicherung\n  und 3 weitere\n\nhttps://x.example');
  });
});
