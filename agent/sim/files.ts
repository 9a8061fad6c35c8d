import { BerthError } from '#lib/contract/errors.ts';
import type {
  BackupDifferences,
  FileAnswerOf,
  FileEntry,
  FileKind,
  FileOp,
  FileOrderOf,
  RestoreOrder,
} from '#lib/contract/files.ts';
import { leftAlone } from '#lib/contract/identity-files.ts';
import type { Files as FilesAdapter } from '../adapters.ts';
import type { Files, World } from './world.ts';

type Trashed = { id: string; path: string; deletedAt: string; files: Files };
const text = (base64: string) => `/${Buffer.from(base64, 'base64').toString().split('/').filter(Boolean).join('/')}`;
const base64 = (path: string) => Buffer.from(path).toString('base64');
const epoch = new Date(0).toISOString();

/**
 * Files of simulated containers: of the private area only, texts, without owners, modes and times. A folder is there because
 * something is in it, or by an entry with a slash at its end.
 */
export function simFiles(world: World): FilesAdapter {
  const trashes = new Map<string, Trashed[]>();
  /** What each had when the template's files had come back, for want of times. */
  const recovered = new Map<string, Files>();
  return {
    async call({ containerId, root, backup }, call, body) {
      await world.delay(20);
      if (call.op === 'pack') return pack(world, containerId, call.order.manifest);
      const mounted = world.roots.get(containerId);
      const volumeId = root.startsWith('/sim/repair/') ? mounted?.repair?.volume : mounted?.volume;
      const { files } = backup ? world.backupAt(root) : world.volume(volumeId ?? '');
      const content = body === null ? '' : await textOf(body);
      if (call.op === 'unpack') {
        const answer = unpack(files, content);
        world.save();
        return { answer, body: bodyOf('') };
      }
      if (call.op === 'survey') return { answer: {}, body: bodyOf(JSON.stringify(picked(files, call.order.paths))) };
      if (call.op === 'send') return { answer: {}, body: bodyOf(JSON.stringify({ source: files, ...call.order })) };
      if (call.op === 'place') {
        const { source, ...order } = JSON.parse(content) as RestoreOrder & { source: Files };
        const answer = restore(files, source, order);
        world.save();
        return { answer, body: bodyOf('') };
      }
      if (call.op === 'compare') {
        const { paths } = call.order as FileOrderOf<'compare'>;
        return { answer: compare(picked(files, paths), JSON.parse(content) as Files[], paths), body: bodyOf('') };
      }
      if (call.op === 'recover') {
        const changed = recover(files, call.order.paths);
        recovered.set(containerId, structuredClone(files));
        world.save();
        return { answer: { found: changed }, body: bodyOf(`${JSON.stringify({ changed, ended: true })}\n`) };
      }
      if (call.op === 'written') {
        const { since, volumeId } = call.order as { since: string; volumeId?: string };
        const before = volumeId === undefined ? recovered.get(containerId) : world.volume(volumeId).files;
        return { answer: { since, ...written(files, before ?? files) }, body: bodyOf('') };
      }
      const trash = trashes.get(containerId) ?? [];
      trashes.set(containerId, trash);
      const { answer, bytes } = answerTo(files, trash, call.op, call.order, content);
      world.save();
      return { answer, body: bodyOf(bytes ?? '') };
    },
    async close() {},
  };
}

/** A simulated archive: the files as JSON. */
function pack(world: World, id: string, manifest: unknown) {
  const containerId = world.roots.get(id)?.old?.slice('/sim/snapshots/'.length) ?? '';
  const files = world.disk.snapshots[world.snapshotMounts.get(containerId) ?? '']?.files ?? {};
  const counts = { entries: Object.keys(files).length, bytes: JSON.stringify(files).length, sockets: 0, devices: 0 };
  // No archive is smaller than a block.
  const text = JSON.stringify({ manifest: { ...(manifest as object), ...counts }, files }).padEnd(512);
  return { answer: counts, body: bodyOf(text) };
}

function unpack(files: Files, text: string) {
  let archive: { manifest: unknown; files: Files };
  try {
    archive = JSON.parse(text) as typeof archive;
  } catch {
    throw new BerthError('invalid', 'This is no tar archive, or it is damaged: a checksum is wrong.');
  }
  Object.assign(files, archive.files);
  const none = { folders: 0, links: 0, hardLinks: 0, pipes: 0, devices: 0, attributes: 0, replaced: 0, examples: [] };
  const count = Object.keys(archive.files).length;
  const what = { compression: 'none', init: 'busybox', manifest: archive.manifest } as const;
  return { ...what, ...none, files: count, bytes: text.length };
}

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

async function* bodyOf(bytes: string): AsyncGenerator<Uint8Array> {
  if (bytes !== '') yield Buffer.from(bytes);
}

function answerTo(
  files: Files,
  trash: Trashed[],
  op: Exclude<FileOp, 'compare' | 'written'>,
  given: unknown,
  content: string,
) {
  switch (op) {
    case 'list':
      return { answer: list(files, given as FileOrderOf<'list'>) };
    case 'read': {
      const path = text((given as FileOrderOf<'read'>).path);
      if (kindAt(files, path) !== 'file') throw new BerthError('invalid', 'Only files have content to read.');
      return { answer: { entry: entry(files, path) }, bytes: files[path] ?? '' };
    }
    case 'archive':
      throw new BerthError('state', 'A simulated container cannot be downloaded as an archive.');
    case 'trash': {
      const items = trash.map(({ id, path, deletedAt, files: kept }) => ({
        ...{ id, path: base64(path), kind: kindAt(kept, path) ?? 'file', deletedAt },
        bytes: Object.values(kept).reduce((sum, one) => sum + (one?.length ?? 0), 0),
      }));
      return { answer: { items } };
    }
    case 'changes':
      return { answer: changes(files, given as FileOrderOf<'changes'>) };
    case 'write':
      return { answer: write(files, given as FileOrderOf<'write'>, content) };
    case 'change':
      return { answer: { changed: change(files, trash, given as FileOrderOf<'change'>) } };
  }
}

/** What is there, by the names of it and below it. */
function below(files: Files, path: string): string[] {
  const prefix = path === '/' ? '/' : `${path}/`;
  return Object.keys(files).filter((name) => files[name] !== null && (name === path || name.startsWith(prefix)));
}

function kindAt(files: Files, path: string): FileKind | null {
  if (path === '/') return 'folder';
  const names = below(files, path);
  if (names.length === 0) return null;
  return names.some((name) => name !== path) ? 'folder' : 'file';
}

function entry(files: Files, path: string): FileEntry {
  const kind = kindAt(files, path);
  if (kind === null) throw new BerthError('not_found', 'There is no such file or folder.');
  const size = kind === 'file' ? Buffer.byteLength(files[path] ?? '') : 4096;
  const owner = { uid: 0, gid: 0, user: 'root', group: 'root' };
  const name = base64(path.slice(path.lastIndexOf('/') + 1));
  const mode = kind === 'folder' ? 0o755 : 0o644;
  return { name, kind, size, mode, ...owner, modifiedAt: epoch, target: null, leadsTo: null };
}

function list(files: Files, order: FileOrderOf<'list'>): FileAnswerOf<'list'> {
  const path = text(order.path);
  const folder = entry(files, path);
  if (folder.kind !== 'folder') throw new BerthError('invalid', 'That is not a folder.');
  const at = path === '/' ? 1 : path.length + 1;
  const names = new Set(below(files, path).map((name) => name.slice(at).split('/')[0] ?? ''));
  const match = order.match.toLowerCase();
  const items = [...names]
    .filter((name) => name !== '' && name.toLowerCase().includes(match))
    .map((name) => entry(files, `${path === '/' ? '' : path}/${name}`));
  const sign = order.descending ? -1 : 1;
  const value = (one: FileEntry) => (order.sort === 'size' ? one.size : 0);
  items.sort((a, b) =>
    order.sort === 'name'
      ? Number(b.kind === 'folder') - Number(a.kind === 'folder') || sign * nameOrder(a, b)
      : sign * (value(a) - value(b)) || nameOrder(a, b),
  );
  return { folder, items: items.slice(order.offset, order.offset + order.limit), total: items.length };
}

const nameOrder = (a: FileEntry, b: FileEntry) =>
  Buffer.compare(Buffer.from(a.name, 'base64'), Buffer.from(b.name, 'base64'));

/** Of a template a simulated host knows nothing: what is there is new, what is marked as gone was deleted. */
function changes(files: Files, { path, system, recover }: FileOrderOf<'changes'>): FileAnswerOf<'changes'> {
  if (system || recover) {
    const items = recoverable(files, system ? undefined : [path]).map((name) => ({
      ...{ name: base64(name), kind: 'file' as const, difference: 'deleted' as const, count: 1, bytes: 0 },
    }));
    return { items, total: items.length, whole: true };
  }
  const folder = text(path) === '/' ? '/' : `${text(path)}/`;
  const groups = new Map<string, FileAnswerOf<'changes'>['items'][number]>();
  for (const [file, content] of Object.entries(files)) {
    if (!file.startsWith(folder)) continue;
    const [name = '', ...below] = file.slice(folder.length).split('/');
    const before = groups.get(name) ?? { count: 0, bytes: 0 };
    const difference = below.length > 0 ? null : content === null ? ('deleted' as const) : ('new' as const);
    const kind = below.length > 0 ? ('folder' as const) : ('file' as const);
    const bytes = before.bytes + Buffer.byteLength(content ?? '');
    groups.set(name, { name: base64(name), kind, difference, count: before.count + 1, bytes });
  }
  return { items: [...groups.values()].sort((a, b) => b.bytes - a.bytes), total: groups.size, whole: true };
}

/** What is at each path and below, by what comes after the path. */
function picked(files: Files, paths: readonly string[]): Files[] {
  return paths.map(text).map((path) => {
    const at = path === '/' ? 0 : path.length;
    return Object.fromEntries(below(files, path).map((name) => [name.slice(at), files[name] ?? '']));
  });
}

/** Without times: what differs from the volume that was put aside. */
function written(files: Files, before: Files) {
  const heap = { count: 0, bytes: 0 };
  for (const [path, content] of Object.entries(files)) {
    if (content === null || content === before[path]) continue;
    heap.count += 1;
    heap.bytes += Buffer.byteLength(content);
  }
  return { written: heap, deleted: 0, folders: [], whole: true };
}

/** Folders are nothing of their own here. */
function compare(here: Files[], there: Files[], paths: readonly string[]): BackupDifferences {
  const none = () => ({ count: 0, bytes: 0 });
  const found: BackupDifferences = {
    ...{ here: none(), changed: none(), there: none(), same: 0, folders: [], first: [], whole: true },
  };
  const size = (content: string | null | undefined) => (content == null ? null : Buffer.byteLength(content));
  for (const [number, mine] of here.entries()) {
    const theirs = there[number] ?? {};
    if (Object.keys({ ...mine, ...theirs }).length === 0) throw new BerthError('not_found', 'Neither has that.');
    for (const name of new Set([...Object.keys(mine), ...Object.keys(theirs)])) {
      const [bytesHere, bytesThere] = [size(mine[name]), size(theirs[name])];
      if (mine[name] === theirs[name]) {
        found.same += 1;
        continue;
      }
      const difference = bytesThere === null ? 'here' : bytesHere === null ? 'there' : 'changed';
      const [top = '', ...more] = name.slice(1).split('/');
      const bytes = bytesHere ?? bytesThere ?? 0;
      const kind = more.length > 0 ? ('folder' as const) : ('file' as const);
      const known = found.folders.find((folder) => folder.name === base64(top));
      const folder = known ?? { name: base64(top), kind, here: none(), changed: none(), there: none() };
      if (known === undefined && number === 0) found.folders.push(folder);
      for (const heap of [found[difference], folder[difference]]) {
        heap.count += 1;
        heap.bytes += bytes;
      }
      const path = base64(`${text(paths[number] ?? '').replace(/\/$/, '')}${name}`);
      found.first.push({ path, kind: 'file', difference, bytesHere, bytesThere });
    }
  }
  return found;
}

function restore(files: Files, source: Files, { paths, target, mode, label }: RestoreOrder) {
  const count = { restored: 0, same: 0, left: 0 };
  for (const path of paths.map(text)) {
    entry(source, path);
    for (const name of below(source, path)) {
      const folder = target === undefined ? path.slice(0, path.lastIndexOf('/')) : text(target).replace(/\/$/, '');
      const to = folder + name.slice(path.lastIndexOf('/'));
      const there = files[to] ?? null;
      if (there === source[name]) count.same += 1;
      else if (there !== null && mode === 'missing') count.left += 1;
      else {
        files[there !== null && mode === 'keep-both' ? `${to} (${label})` : to] = source[name] ?? '';
        count.restored += 1;
      }
    }
  }
  return count;
}

function write(files: Files, order: FileOrderOf<'write'>, content: string): FileAnswerOf<'write'> {
  const path = text(order.path);
  const there = kindAt(files, path);
  if (there === 'folder') throw new BerthError('conflict', 'What is there is not a file.');
  if (there !== null && !order.replace) {
    throw new BerthError('conflict', 'There is something of that name already.');
  }
  if (order.upload !== undefined && order.offset !== 0) return { received: 0, entry: null };
  files[path] = content;
  return { received: Buffer.byteLength(content), entry: entry(files, path) };
}

function take(files: Files, path: string): Files {
  entry(files, path);
  const taken: Files = {};
  for (const name of below(files, path)) {
    taken[name] = files[name] ?? null;
    files[name] = null;
  }
  return taken;
}

function put(files: Files, kept: Files, from: string, to: string): void {
  if (kindAt(files, to) !== null) throw new BerthError('conflict', 'There is something of that name already.');
  for (const [name, content] of Object.entries(kept)) files[`${to}${name.slice(from.length)}`] = content;
}

/** What is marked as gone was the template's; see the helper's own for what is left alone. */
function recoverable(files: Files, paths: readonly string[] | undefined): string[] {
  const folders = (paths ?? ['']).map(text);
  const within = (path: string, folder: string) =>
    path === folder || path.startsWith(folder === '/' ? '/' : `${folder}/`);
  return Object.keys(files).filter(
    (path) => files[path] === null && folders.some((folder) => within(path, folder) && !leftAlone(path, folder)),
  );
}

function recover(files: Files, paths: readonly string[] | undefined): number {
  const wanted = recoverable(files, paths);
  for (const path of wanted) delete files[path];
  return wanted.length;
}

function change(files: Files, trash: Trashed[], { change: what }: FileOrderOf<'change'>): number {
  switch (what.action) {
    case 'create-folder':
      put(files, { '/x/': '' }, '/x', text(what.path));
      return 1;
    case 'move':
    case 'copy': {
      const [from, to] = [text(what.path), text(what.to)];
      if (kindAt(files, to) !== null) throw new BerthError('conflict', 'There is something of that name already.');
      const kept = take(files, from);
      if (what.action === 'copy') Object.assign(files, kept);
      put(files, kept, from, to);
      return 1;
    }
    case 'attributes':
      for (const path of what.paths) entry(files, text(path));
      return what.paths.length;
    case 'delete':
      for (const path of what.paths.map(text)) {
        const kept = take(files, path);
        const id = `sim${(trash.length + 1).toString(36).padStart(6, '0')}${Date.now().toString(36)}`;
        if (!what.permanently) trash.push({ id, path, deletedAt: new Date().toISOString(), files: kept });
      }
      return what.paths.length;
    case 'put-back':
      for (const id of what.ids) {
        const at = trash.findIndex((one) => one.id === id);
        const item = trash[at];
        if (item === undefined) throw new BerthError('not_found', 'That is no longer in the trash.');
        put(files, item.files, item.path, item.path);
        trash.splice(at, 1);
      }
      return what.ids.length;
    case 'empty-trash': {
      const { ids } = what;
      const gone = trash.filter((one) => ids === undefined || ids.includes(one.id));
      for (const item of gone) trash.splice(trash.indexOf(item), 1);
      return gone.length;
    }
  }
}
