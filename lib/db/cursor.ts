import { z } from 'zod';
import { BerthError } from '../contract/errors.ts';

const Cursor = z.tuple([z.iso.datetime(), z.uuid()]);

/** A place in a list that is sorted by time and id. Opaque to clients; holds nothing that they did not see. */
export function encodeCursor(at: Date, id: string): string {
  return Buffer.from(JSON.stringify([at.toISOString(), id])).toString('base64url');
}

/** The place a client gave back; undefined at the start of the list. Throws `invalid` on anything we did not make. */
export function decodeCursor(cursor: string | undefined): { at: Date; id: string } | undefined {
  if (cursor === undefined) return undefined;
  try {
    const [at, id] = Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
    return { at: new Date(at), id };
  } catch (cause) {
    throw new BerthError('invalid', 'The cursor is not one of ours.', { cause });
  }
}
