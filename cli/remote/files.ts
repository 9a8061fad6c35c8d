/** `berth ct files …`: files of a container. Names are bytes, so the interface takes paths in base64. */
import { randomBytes } from 'node:crypto';
import { createWriteStream, existsSync, openSync, readSync, renameSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { FileEdit, FileEntry, UploadState } from '#clients/typescript/api.ts';
import type { Context } from './asking.ts';
import type { Client } from './client.ts';
import { CliError, exits } from './exits.ts';
import { idOf } from './names.ts';
import { plain, table, type Voice } from './output.ts';
import { decoded, encoded } from './paths.ts';
import { size, time } from './show.ts';
import { counting, nameIn } from './streams.ts';
import { forgetUpload, type Kept, keepUpload, keptUpload } from './uploads.ts';

type Json = { json?: boolean };
const pieceBytes = 8 * 1024 * 1024;

/** An absolute path inside; what lies below the root may be said without the first slash. */
const absolute = (path: string) => (path.startsWith('/') ? path : `/${path}`);
const inside = (path: string) => encoded(absolute(path));

const letters = { folder: 'd', file: '-', link: 'l', pipe: 'p', socket: 's', device: 'b' } as const;
function modeWords({ kind, mode }: FileEntry): string {
  const rwx = [6, 3, 0].map((shift) => {
    const bits = (mode >> shift) & 7;
    return `${bits & 4 ? 'r' : '-'}${bits & 2 ? 'w' : '-'}${bits & 1 ? 'x' : '-'}`;
  });
  return letters[kind] + rwx.join('');
}

/** Where files are looked at: in a container, by its name or id, or in a backup, by its id. */
type Place = 'container' | 'backup';
const idIn = (panel: Client, place: Place, wish: string) =>
  place === 'container' ? idOf(panel, 'container', wish) : Promise.resolve(wish);

export async function ls(
  { panel, voice }: Context,
  wish: string,
  path: string,
  options: Json,
  place: Place = 'container',
) {
  const id = await idIn(panel, place, wish);
  const route = place === 'container' ? 'files.list' : 'backups.files';
  const items = await panel.all(route, { params: { id }, query: { path: inside(path) } }, 100_000);
  if (options.json) {
    const named = items.map((one) => ({ ...one, name: decoded(one.name) }));
    return voice.out(JSON.stringify(named, null, 2));
  }
  const rows = items.map((one) => [
    modeWords(one),
    one.user ?? one.uid,
    one.group ?? one.gid,
    size(one.size),
    time(one.modifiedAt),
    decoded(one.name) + (one.target === null ? '' : ` -> ${decoded(one.target)}`),
  ]);
  voice.out(table(['MODE', 'OWNER', 'GROUP', 'SIZE', 'CHANGED', 'NAME'], rows));
}

export type Get = { output?: string; force?: boolean };

/** Downloads a file, or a folder as tar. One that was cut off goes on where it ended, if nobody has changed the file. */
export async function get(
  { panel, voice }: Context,
  wish: string,
  path: string,
  options: Get,
  place: Place = 'container',
) {
  const id = await idIn(panel, place, wish);
  const route = place === 'container' ? 'files.read' : 'backups.readFile';
  const ask = (headers: Record<string, string>) =>
    panel.bytes(route, { params: { id }, query: { path: inside(path) } }, { headers });
  if (options.output === '-') {
    const { body } = await ask({});
    if (body !== null) await pipeline(Readable.fromWeb(body as never), process.stdout, { end: false });
    return;
  }
  const name = await download(voice, ask, options.output, options.force === true);
  voice.err(`${name}: ${size(statSync(name).size)}`);
}

type Ask = (headers: Record<string, string>) => Promise<Response>;
const downloadTries = 5;

/**
 * Saves what is answered in a file of the name, or of its own. Goes on where it was cut off (`Range`), now and when asked again. A file has its
 * name only when it is whole.
 */
export async function download(voice: Voice, ask: Ask, wanted: string | undefined, force: boolean): Promise<string> {
  let name = wanted;
  refuseOver(name, force);
  let etag: string | null = null;
  for (let attempt = 1; ; attempt += 1) {
    const from = name !== undefined && etag !== null && existsSync(`${name}.part`) ? statSync(`${name}.part`).size : 0;
    const answer = await ask(from > 0 && etag !== null ? { range: `bytes=${from}-`, 'if-range': etag } : {});
    if (name === undefined) {
      name = nameIn(answer);
      refuseOver(name, force);
    }
    const going = answer.status === 206 ? from : 0;
    etag = answer.headers.get('etag');
    const whole = answer.headers.get('content-length');
    const length = whole === null ? null : going + Number(whole);
    try {
      const bytes = Readable.fromWeb((answer.body ?? new ReadableStream()) as never);
      const file = createWriteStream(`${name}.part`, { flags: going > 0 ? 'a' : 'w' });
      await pipeline(bytes, counting(voice, name, length, going), file);
      const got = statSync(`${name}.part`).size;
      if (length !== null && got < length) throw new Error('it ended too early');
      renameSync(`${name}.part`, name);
      return name;
    } catch (cause) {
      if (attempt >= downloadTries || etag === null) {
        throw new CliError(exits.unreachable, `The download of ${name} was cut off.`, 'Ask again.');
      }
      voice.err(`${name}: cut off (${cause instanceof Error ? cause.message : cause}); going on`);
      await new Promise((done) => setTimeout(done, 500 * attempt));
    }
  }
}

export function refuseOver(name: string | undefined, force: boolean): void {
  if (name === undefined || force || !existsSync(name)) return;
  throw new CliError(exits.refused, `There is a file "${name}" already.`, 'Say --force, or another name with -o.');
}

export type Put = { force?: boolean; json?: boolean };

/** Uploads a file in pieces. One that was cut off goes on where the panel says, now and when asked again. */
export async function put({ panel, voice }: Context, container: string, file: string, path: string, options: Put) {
  const id = await idOf(panel, 'container', container);
  const at = absolute(path.endsWith('/') ? `${path}${basename(file)}` : path);
  const { size: whole, mtimeMs } = statSync(file);
  const key = [panel.url, id, at, file, whole, mtimeMs].join('\n');
  const kept = keptUpload(key) ?? { upload: uuidv7(), offset: 0 };
  keepUpload(key, kept);
  const send = (offset: number, piece: Uint8Array) =>
    panel.bytes(
      'files.write',
      {
        params: { id },
        query: { path: encoded(at), upload: kept.upload, offset, size: whole, replace: options.force !== false },
      },
      { body: piece as BodyInit },
    );
  const entry = await sendPieces(
    voice,
    { file, whole, kept, keep: (one) => keepUpload(key, one) },
    async (...piece) => {
      const state = (await (await send(...piece)).json()) as UploadState;
      return { received: state.received, done: state.entry };
    },
  );
  forgetUpload(key);
  if (options.json) voice.out(JSON.stringify(entry, null, 2));
  else voice.err(`${plain(at)}: ${size(whole)}`);
}

type Source = { file: string; whole: number; kept: Kept; keep: (kept: Kept) => void };
const uploadTries = 5;

/** Sends a file piece by piece until `done` says something. After a broken connection it goes on. */
export async function sendPieces<T>(
  voice: Voice,
  { file, whole, kept, keep }: Source,
  send: (offset: number, piece: Uint8Array) => Promise<{ received: number; done: T | null }>,
): Promise<T | null> {
  const descriptor = openSync(file, 'r');
  const buffer = Buffer.alloc(Math.min(pieceBytes, Math.max(whole, 1)));
  let { offset } = kept;
  let failures = 0;
  for (;;) {
    const read = readSync(descriptor, buffer, 0, buffer.length, offset);
    try {
      const { received, done } = await send(offset, buffer.subarray(0, read));
      failures = 0;
      if (done !== null || (received >= whole && offset >= whole)) return done;
      offset = received;
      keep({ ...kept, offset });
      voice.progress(`${file}: ${size(offset)} of ${size(whole)}`);
    } catch (error) {
      const again = error instanceof CliError && error.exit === exits.unreachable;
      failures += 1;
      if (!again || failures > uploadTries) throw error;
      await new Promise((done) => setTimeout(done, 500 * failures));
    } finally {
      if (offset >= whole) voice.progress('');
    }
  }
}

/** An id as the interface has them: the time, then chance. */
function uuidv7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x70;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

async function change({ panel, voice }: Context, container: string, body: FileEdit, options: Json, what: string) {
  const id = await idOf(panel, 'container', container);
  const answer = await panel.call('files.change', { params: { id }, body });
  if (options.json) voice.out(JSON.stringify(answer, null, 2));
  else voice.out(`${answer.changed} ${what}`);
}

export const rm = (context: Context, container: string, paths: string[], options: Json & { permanently?: boolean }) =>
  change(
    context,
    container,
    { action: 'delete', paths: paths.map(inside), permanently: options.permanently === true },
    options,
    options.permanently === true ? 'deleted for good' : 'put into the trash',
  );
export const mv = (context: Context, container: string, path: string, to: string, options: Json) =>
  change(context, container, { action: 'move', path: inside(path), to: inside(to) }, options, 'moved');
export const cp = (context: Context, container: string, path: string, to: string, options: Json) =>
  change(context, container, { action: 'copy', path: inside(path), to: inside(to) }, options, 'copied');
export const mkdir = (context: Context, container: string, path: string, options: Json) =>
  change(context, container, { action: 'create-folder', path: inside(path) }, options, 'made');
export const putBack = (context: Context, container: string, ids: string[], options: Json) =>
  change(context, container, { action: 'put-back', ids }, options, 'put back');
export const emptyTrash = (context: Context, container: string, options: Json) =>
  change(context, container, { action: 'empty-trash' }, options, 'gone for good');

export type Attributes = Json & { mode?: string; user?: string; group?: string; recursive?: boolean };
export async function chmod(context: Context, container: string, paths: string[], options: Attributes) {
  const { mode, user, group, recursive = false } = options;
  if (mode !== undefined && !/^[0-7]{3,4}$/.test(mode))
    throw new CliError(exits.usage, '--mode must be octal, like 0644.');
  const owner = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);
  const body: FileEdit = {
    ...{ action: 'attributes', paths: paths.map(inside), recursive },
    ...(mode === undefined ? {} : { mode: Number.parseInt(mode, 8) }),
    ...(user === undefined ? {} : { user: owner(user) }),
    ...(group === undefined ? {} : { group: owner(group) }),
  };
  await change(context, container, body, options, 'changed');
}

export async function trash({ panel, voice }: Context, container: string, options: Json) {
  const id = await idOf(panel, 'container', container);
  const { items } = await panel.call('files.trash', { params: { id } });
  if (options.json) return voice.out(JSON.stringify(items, null, 2));
  const rows = items.map((one) => [one.id, time(one.deletedAt), size(one.bytes), one.kind, decoded(one.path)]);
  voice.out(table(['ID', 'DELETED', 'SIZE', 'KIND', 'WHERE IT WAS'], rows));
}
