import * as fs from 'node:fs';
import type { FileAnswerOf, FileEntry, FileOrderOf } from '#lib/contract/files.ts';
import { entryOf, kindOf } from './entry.ts';
import { child, pathOf } from './paths.ts';
import { trashFolder } from './places.ts';
import { isErrno, Refusal } from './refusal.ts';

type Order = FileOrderOf<'list'>;
type Named = { name: Buffer; folder: boolean };
type Looked = Named & { stat: fs.Stats };

/** One page of a folder. By name only the page itself is looked at; other orders need a look at all of them. */
export function list(order: Order): FileAnswerOf<'list'> {
  const folder = pathOf(order.path);
  const stat = fs.statSync(folder);
  if (!stat.isDirectory()) throw new Refusal('invalid', 'That is not a folder.');
  const names = namesIn(folder, order.match);
  const sorted = order.sort === 'name' ? byName(names, order.descending) : byFacts(folder, names, order);
  const items = sorted.slice(order.offset, order.offset + order.limit).flatMap(({ name }): FileEntry[] => {
    const path = child(folder, name);
    const found = fs.lstatSync(path, { throwIfNoEntry: false });
    return found === undefined ? [] : [entryOf(path, found)];
  });
  return { folder: entryOf(folder, stat), items, total: names.length };
}

function namesIn(folder: Buffer, match: string): Named[] {
  const wanted = match.toLowerCase();
  return entriesOf(folder).filter(
    ({ name }) =>
      (wanted === '' || name.toString().toLowerCase().includes(wanted)) && !child(folder, name).equals(trashFolder),
  );
}

/**
 * A backup's file system does not tell what is no file, folder or link by name; an overlay then names also what is marked as deleted,
 * and Node, which looks at what it is not told, fails at that.
 */
function entriesOf(folder: Buffer): Named[] {
  try {
    const entries = fs.readdirSync(folder, { withFileTypes: true, encoding: 'buffer' });
    return entries.map((entry) => ({ name: entry.name, folder: kindOf(entry) === 'folder' }));
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
  }
  return fs.readdirSync(folder, { encoding: 'buffer' }).flatMap((name): Named[] => {
    const stat = fs.lstatSync(child(folder, name), { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ name, folder: stat.isDirectory() }];
  });
}

/** Folders first, then by bytes; a person's order of letters is the reader's business, and depends on the reader. */
function byName(names: Named[], descending: boolean): Named[] {
  const sign = descending ? -1 : 1;
  return names.sort((a, b) => Number(b.folder) - Number(a.folder) || sign * Buffer.compare(a.name, b.name));
}

function byFacts(folder: Buffer, names: Named[], { sort, descending }: Order): Named[] {
  const looked = names.flatMap((named): Looked[] => {
    const stat = fs.lstatSync(child(folder, named.name), { throwIfNoEntry: false });
    return stat === undefined ? [] : [{ ...named, stat }];
  });
  const value = ({ stat }: Looked) =>
    sort === 'size' ? stat.size : sort === 'modified' ? stat.mtimeMs : stat.mode & fs.constants.S_IFMT;
  const sign = descending ? -1 : 1;
  return looked.sort((a, b) => sign * (value(a) - value(b)) || Buffer.compare(a.name, b.name));
}
