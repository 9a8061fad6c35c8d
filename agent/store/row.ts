import type { Row } from '#agent/sys/database.ts';

/** Typed reads of a row; a column of another type is a programming error, not bad input. */
export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw new TypeError(`${column} is not text`);
  return value;
}

export function textOrNull(row: Row, column: string): string | null {
  return row[column] === null ? null : text(row, column);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw new TypeError(`${column} is not a number`);
  return value;
}

export function integerOrNull(row: Row, column: string): number | null {
  return row[column] === null ? null : integer(row, column);
}

/** One of a closed set of words, which a CHECK constraint of the schema also guards. */
export function word<const W extends string>(row: Row, column: string, words: readonly W[]): W {
  const value = text(row, column);
  const found = words.find((candidate) => candidate === value);
  if (found === undefined) throw new TypeError(`${column} is ${value}`);
  return found;
}
