import * as fs from 'node:fs';
import type { FileAnswerOf, FileOrderOf } from '#lib/contract/files.ts';
import { entryOf } from './entry.ts';
import { changeablePath, child, parentOf, pathOf } from './paths.ts';
import { newTemporary, uploadsFolder } from './places.ts';
import { isErrno, Refusal } from './refusal.ts';
import { input, output, pieceBytes } from './streams.ts';
import { tarOf } from './tar.ts';

type Answer = (value: unknown) => void;
const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_APPEND } = fs.constants;

/** Answers with what it is, then its content: exactly as many bytes as the answer says, or the process ends badly. */
export function read({ path: given }: FileOrderOf<'read'>, answer: Answer): void {
  const path = pathOf(given);
  const fd = fs.openSync(path, O_RDONLY | O_NONBLOCK); // what is no file must not keep us waiting
  try {
    const stat = fs.fstatSync(fd);
    if (!stat.isFile()) throw new Refusal('invalid', 'Only files have content to read.');
    answer({ entry: entryOf(path, stat) });
    const piece = Buffer.alloc(pieceBytes);
    for (let left = stat.size; left > 0; ) {
      const bytes = fs.readSync(fd, piece, 0, Math.min(left, piece.length), null);
      if (bytes === 0) throw new Error('the file has become shorter');
      output.bytes(piece.subarray(0, bytes));
      left -= bytes;
    }
  } finally {
    fs.closeSync(fd);
  }
}

/** Answers with what it is, then with all of it as tar. */
export function archive({ path: given }: FileOrderOf<'archive'>, answer: Answer): void {
  const path = fs.realpathSync.native(pathOf(given), { encoding: 'buffer' });
  answer({ entry: entryOf(path, fs.lstatSync(path)) });
  for (const chunk of tarOf(path)) output.bytes(chunk);
}

/**
 * Puts content in place, all of it or nothing: what is there stays until the new file is complete and on disk. A file that is
 * replaced keeps owner and mode; a new one belongs to whom its folder belongs. A link's target is written, the link stays.
 */
export function write(order: FileOrderOf<'write'>): FileAnswerOf<'write'> {
  const path = throughLinks(changeablePath(order.path));
  const before = fs.lstatSync(path, { throwIfNoEntry: false });
  if (before !== undefined) allow(order, before);
  else if (order.unchangedSince !== undefined) throw new Refusal('conflict', 'The file is no longer there.');
  if (order.upload === undefined) {
    const temporary = newTemporary();
    const fd = fs.openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    try {
      const received = fill(fd, 0);
      return { received, entry: place(fd, temporary, path, before, order.replace) };
    } catch (error) {
      fs.rmSync(temporary, { force: true });
      throw error;
    }
  }
  return piece(order, order.upload, path, before);
}

/** One piece of an upload that may be cut off and go on later: it is kept apart until all of it is there. */
function piece(
  order: FileOrderOf<'write'>,
  upload: string,
  path: Buffer,
  before: fs.Stats | undefined,
): FileAnswerOf<'write'> {
  if (order.size === undefined) throw new Refusal('invalid', 'Say the size of the whole file.');
  const part = child(uploadsFolder(), Buffer.from(upload));
  const fd = fs.openSync(part, O_WRONLY | O_CREAT | O_NOFOLLOW | O_APPEND, 0o600);
  const had = fs.fstatSync(fd).size;
  if (had !== order.offset) {
    fs.closeSync(fd);
    return { received: had, entry: null };
  }
  const received = fill(fd, had, order.size);
  if (received < order.size) {
    fs.closeSync(fd);
    return { received, entry: null };
  }
  return { received, entry: place(fd, part, path, before, order.replace) };
}

function allow(order: FileOrderOf<'write'>, before: fs.Stats): void {
  if (!before.isFile()) throw new Refusal('conflict', 'What is there is not a file.');
  if (!order.replace) throw new Refusal('conflict', 'There is something of that name already.');
  if (order.unchangedSince !== undefined && Math.floor(before.mtimeMs) !== Date.parse(order.unchangedSince)) {
    throw new Refusal('conflict', 'The file has been changed by somebody else meanwhile.');
  }
}

/** Where a link leads in the end, as far as there is something; a new name stays as it is. */
function throughLinks(path: Buffer): Buffer {
  try {
    return fs.realpathSync.native(path, { encoding: 'buffer' });
  } catch (error) {
    if (!isErrno(error, 'ENOENT')) throw error;
    if (fs.lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      throw new Refusal('conflict', 'That is a link which leads nowhere.');
    }
    return path;
  }
}

function fill(fd: number, had: number, most = Number.POSITIVE_INFINITY): number {
  const room = Buffer.alloc(pieceBytes);
  let received = had;
  for (let bytes = input.next(room); bytes.length > 0; bytes = input.next(room)) {
    if (received + bytes.length > most) throw new Refusal('invalid', 'More came than was announced.');
    for (let at = 0; at < bytes.length; ) at += fs.writeSync(fd, bytes, at);
    received += bytes.length;
  }
  return received;
}

/** Gives a complete file owner and mode, brings it to disk and under its name. Closes it. */
function place(fd: number, from: Buffer, to: Buffer, before: fs.Stats | undefined, replace: boolean) {
  try {
    const { uid, gid } = before ?? fs.statSync(parentOf(to));
    fs.fchownSync(fd, uid, gid);
    fs.fchmodSync(fd, before === undefined ? 0o644 : before.mode & 0o7777);
    fs.fsyncSync(fd);
  } finally {
    fs.closeSync(fd);
  }
  if (replace) fs.renameSync(from, to);
  else {
    fs.linkSync(from, to); // refuses what has come there meanwhile; a rename would replace it
    fs.unlinkSync(from);
  }
  return entryOf(to, fs.lstatSync(to));
}
