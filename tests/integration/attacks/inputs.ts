/** Values for whatever a schema of the contract takes: most fit its words, and all are what nobody would write. */
import fc from 'fast-check';
import { z } from 'zod';

type Json = { [key: string]: unknown };

/** Text that has broken programs: what databases, terminals, pages, mails, paths and shells take for something else. */
export const nasty = [
  '\u0000',
  'a\u0000b',
  '\ud800',
  'x\udfffy',
  '\uffff\ufffe',
  '\u202eevil\u202c',
  '\u001b[2J\u001b]0;x\u0007',
  '\u009b31m',
  'line\r\nBcc: victim@example.test',
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' or 1=1 --",
  "\\'; drop table users; --",
  '{{7*7}}#{7*7}<%= 7*7 %>',
  '../../../../etc/passwd',
  '%00%0a%2e%2e%2f',
  '__proto__',
  'constructor',
  '=cmd|calc!A0',
  'İıſKÅ',
  'a\u0301\u0301\u0301',
  '👩‍👩‍👧‍👦',
  ' ',
  '',
  '-1',
  '1e309',
  'NaN',
  'null',
  '[object Object]',
] as const;

const edgeInts = [0, -0, 1, -1, 2, 50, 255, 256, 65_535, 65_536, 2 ** 31 - 1, 2 ** 31, 2 ** 32, 2 ** 53 - 1];
const times = [
  '2026-01-31T12:00:00.000Z',
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '-000001-01-01T00:00:00.000Z',
];

function text(schema: Json, ids: readonly string[]): fc.Arbitrary<string> {
  const { minLength = 0, maxLength = 400, pattern, format } = schema;
  const most = Math.min(Number(maxLength), 30_000);
  const least = Number(minLength);
  if (format === 'uuid') return fc.constantFrom(...ids);
  if (format === 'date-time') return fc.constantFrom(...times);
  const plain = fc.oneof(
    { arbitrary: fc.constantFrom(...nasty), weight: 4 },
    fc.constantFrom('a'.repeat(most), '\u{1f600}'.repeat(Math.floor(most / 2)), '\u0000'.repeat(most)),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  const fits = plain.map((one) => one.padEnd(least, 'x').slice(0, most));
  if (typeof pattern !== 'string') return fits;
  try {
    return fc.oneof({ arbitrary: fc.stringMatching(new RegExp(pattern)), weight: 4 }, { arbitrary: fits, weight: 1 });
  } catch {
    // With what the generator cannot read (look-aheads): the text as it comes.
    return fits;
  }
}

/** `ids`: what is named where an id is asked for, of whatever kind. */
export function valuesOf(schema: Json, ids: readonly string[]): fc.Arbitrary<unknown> {
  const { type, enum: options, anyOf, oneOf, allOf, properties, items } = schema;
  if ('const' in schema) return fc.constant(schema.const);
  if (Array.isArray(options)) return fc.constantFrom(...(options as unknown[]));
  const choices = (anyOf ?? oneOf) as Json[] | undefined;
  if (choices !== undefined) return fc.oneof(...choices.map((one) => valuesOf(one, ids)));
  if (Array.isArray(allOf)) return valuesOf(Object.assign({}, ...(allOf as Json[])), ids);
  switch (type) {
    case 'string':
      return text(schema, ids);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    case 'integer':
    case 'number': {
      const least = Number(schema.minimum ?? schema.exclusiveMinimum ?? -(2 ** 53) + 1);
      const most = Number(schema.maximum ?? schema.exclusiveMaximum ?? 2 ** 53 - 1);
      const fitting = [...edgeInts, least, most, ...(type === 'number' ? [0.1, 1e-9] : [])];
      return fc.constantFrom(...fitting.filter((one) => one >= least && one <= most), least - 1);
    }
    case 'array':
      return fc.array(valuesOf((items ?? {}) as Json, ids), { maxLength: Math.min(4, Number(schema.maxItems ?? 4)) });
    case 'object': {
      const required = (schema.required ?? []) as string[];
      const entries = Object.entries((properties ?? {}) as Record<string, Json>);
      return fc.record(Object.fromEntries(entries.map(([key, one]) => [key, valuesOf(one, ids)])), {
        requiredKeys: required as never[],
      });
    }
    default:
      return fc.oneof(fc.constantFrom<unknown>(...nasty), fc.jsonValue({ maxDepth: 2 }));
  }
}

export function schemaOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Json;
}

/** Bodies that are no body of ours. */
export const shapeless: readonly unknown[] = [
  null,
  [],
  [[]],
  0,
  'text',
  true,
  JSON.parse('{"__proto__":{"role":"provider-admin"},"constructor":{"prototype":{"role":"provider-admin"}}}'),
  JSON.parse('['.repeat(200) + ']'.repeat(200)),
];
