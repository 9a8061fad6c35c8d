/** Answers for people: tables, and things with their facts. */
import { plain, table, type Voice } from './output.ts';
import { decoded } from './paths.ts';

type Thing = Record<string, unknown>;

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
export function size(bytes: unknown): string {
  if (typeof bytes !== 'number') return '-';
  const power = bytes < 1024 ? 0 : Math.min(units.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : Math.round(value * 10) / 10} ${units[power]}`;
}

/** 2026-11-25 21:04 UTC: short, and the same wherever it is read. */
export function time(text: unknown): string {
  if (typeof text !== 'string') return '-';
  return text.replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d).*Z$/, '$1 $2 UTC');
}

const formats: Record<string, (value: unknown) => unknown> = {
  size,
  time,
  count: (value) => (Array.isArray(value) ? value.length : value === null ? 'all' : '-'),
  path: (value) => (typeof value === 'string' ? decoded(value) : '-'),
  roles: (value) =>
    Array.isArray(value) ? value.map((one: Thing) => one.title ?? one.role ?? one.customRoleId).join(', ') : '-',
};

const at = (thing: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((value, name) => (value as Thing | null | undefined)?.[name], thing);

/** A list as a table with these columns ({@link file://./specs/spec.ts}), or as JSON. */
export function showList(
  voice: Voice,
  items: readonly Thing[],
  columns: string | undefined,
  options: { json?: boolean },
) {
  if (options.json || columns === undefined) return voice.out(JSON.stringify(items, null, 2));
  const cells = columns.split(',').map((column) => {
    const [, title = '', path = '', format] = /^(.*) ([\w.]+)(?::(\w+))?$/.exec(column.trim()) ?? [];
    return { title, of: (item: Thing) => (formats[format ?? ''] ?? ((value) => value))(at(item, path)) };
  });
  voice.out(
    table(
      cells.map(({ title }) => title),
      items.map((item) => cells.map(({ of }) => said(of(item)))),
    ),
  );
}

const said = (value: unknown) => (typeof value === 'boolean' ? (value ? 'yes' : 'no') : value);

/** One thing: a line a fact, what is inside it indented. */
export function showThing(voice: Voice, thing: unknown, options: { json?: boolean }): void {
  if (options.json) voice.out(JSON.stringify(thing, null, 2));
  else voice.out(thing === null || thing === undefined ? 'Done.' : lines(thing, '').join('\n'));
}

const words = (name: string) => {
  const spaced = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
};

function lines(value: unknown, indent: string): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => listed(one, indent));
  if (value === null || typeof value !== 'object') return [`${indent}${plain(value)}`];
  const facts = Object.entries(value);
  const width = Math.max(0, ...facts.map(([name]) => words(name).length));
  return facts.flatMap(([name, one]) => {
    const head = `${indent}${words(name).padEnd(width)}`;
    if (one === null || typeof one !== 'object') return [`${head}  ${fact(name, one)}`];
    const inside = Object.keys(one);
    if (inside.length === 0) return [`${head}  -`];
    if (Array.isArray(one) && one.every((item) => item === null || typeof item !== 'object'))
      return [`${head}  ${one.map(plain).join(', ')}`];
    return [head.trimEnd(), ...lines(one, `${indent}  `)];
  });
}

function listed(value: unknown, indent: string): string[] {
  const [first = '', ...rest] = lines(value, `${indent}  `);
  return [`${indent}- ${first.trimStart()}`, ...rest];
}

function fact(name: string, value: unknown): string {
  if (/bytes$/i.test(name)) return size(value);
  if (typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value)) return time(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  return plain(value);
}
