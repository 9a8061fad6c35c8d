/**
 * A whole system out of an archive, into the tree this process is shut into, which is empty. The archive is a stranger's. That
 * nothing of it reaches the host is the namespaces' doing; here it is made sure that it means what it says: no name leads
 * elsewhere, nothing goes through a link, nothing is larger than allowed.
 */
import * as fs from 'node:fs';
import type { Unpacked, UnpackOrder } from '#lib/contract/transfers.ts';
import { raw } from '../kernel.ts';
import { initOf } from './init.ts';
import { parentOf } from './paths.ts';
import { isErrno, Refusal } from './refusal.ts';
import { input, pieceBytes } from './streams.ts';
import { shownName, type TarEntry, TarReader } from './tar-reader.ts';
import { TarSource } from './tar-source.ts';
import { writeContent, writeSparse } from './unpack-content.ts';
import { setAttributes, setTimes } from './xattr.ts';

const mkfifo = raw.bind('int mkfifo(void* path, uint mode)');
const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = fs.constants;
const idRange = 65_536;
const mostDepth = 256;
const [mostPath, mostName] = [4095, 255];
const mostShown = 20;
const mostManifestBytes = 64 * 1024;
/** Attributes that a container's root may set. Others are the host's business, or another system's. */
const settable = (name: string) =>
  name.startsWith('user.') ||
  ['security.capability', 'system.posix_acl_access', 'system.posix_acl_default'].includes(name);

async function* standardInput(): AsyncGenerator<Uint8Array> {
  for (;;) {
    const piece = input.next(Buffer.alloc(pieceBytes));
    if (piece.length === 0) return;
    yield piece;
  }
}

export async function unpack(order: UnpackOrder): Promise<Unpacked> {
  const source = await TarSource.of(standardInput());
  const reader = new TarReader(source);
  const unpacker = new Unpacker(order, reader);
  let first = true;
  for (let entry = await reader.next(); entry !== null; entry = await reader.next()) {
    if (first && entry.kind === 'file' && entry.path.equals(Buffer.from('berth-export.json'))) {
      await unpacker.takeManifest(entry);
    } else await unpacker.take(entry);
    first = false;
  }
  // To its end: a checksum of the compression is there, and what is cut off after the last entry is damaged all the same.
  while ((await source.some(pieceBytes)).length > 0);
  unpacker.finish();
  const { manifest, report } = unpacker;
  return { ...report, compression: source.compression, init: initOf(), manifest };
}

type Counts = Omit<Unpacked, 'compression' | 'init' | 'manifest'>;

class Unpacker {
  readonly #order: UnpackOrder;
  readonly #reader: TarReader;
  readonly #made = new Set<string>(['/']);
  readonly #folders = new Map<string, { path: Buffer; entry: TarEntry }>();
  #entries = 0;
  /** What the archive says of itself; whoever is told of it checks it. */
  manifest: unknown = null;
  readonly report: Counts = {
    ...{ files: 0, folders: 0, links: 0, hardLinks: 0, pipes: 0, bytes: 0 },
    ...{ devices: 0, attributes: 0, replaced: 0, examples: [] },
  };

  constructor(order: UnpackOrder, reader: TarReader) {
    this.#order = order;
    this.#reader = reader;
  }

  async takeManifest(entry: TarEntry): Promise<void> {
    if (entry.size > mostManifestBytes || entry.sparseSize !== null) {
      throw new Refusal('invalid', 'The description in the archive is too long.');
    }
    const parts: Buffer[] = [];
    for (
      let piece = await this.#reader.content(pieceBytes);
      piece.length > 0;
      piece = await this.#reader.content(pieceBytes)
    ) {
      parts.push(Buffer.from(piece));
    }
    try {
      this.manifest = JSON.parse(Buffer.concat(parts).toString());
    } catch {
      throw new Refusal('invalid', 'The description in the archive cannot be read.');
    }
  }

  async take(entry: TarEntry): Promise<void> {
    this.#entries += 1;
    if (this.#entries > this.#order.mostEntries) {
      throw new Refusal(
        'too_large',
        `The archive holds more than ${this.#order.mostEntries} things, which is what the plan allows.`,
      );
    }
    const path = this.#pathOf(entry.path, 'its name');
    if (entry.uid >= idRange || entry.gid >= idRange) {
      const id = Math.max(entry.uid, entry.gid);
      throw new Refusal(
        'invalid',
        `${shownName(entry.path)} belongs to ${id}; a container has the ids 0 to ${idRange - 1}.`,
      );
    }
    for (const name of entry.ignored) this.#leaveOut('attributes', entry.path, name);
    if (entry.kind === 'folder') return this.#folder(path, entry);
    if (path.length === 1) throw new Refusal('invalid', 'The archive says that its root is no folder.');
    if (entry.kind === 'device') return this.#leaveOut('devices', entry.path);
    this.#makeRoom(path, entry);
    await this.#make(path, entry);
  }

  /** Folders last: what is put into them changes their times. */
  finish(): void {
    for (const { path, entry } of this.#folders.values()) this.#describe(path, entry);
  }

  async #make(path: Buffer, entry: TarEntry): Promise<void> {
    const { report } = this;
    if (entry.kind === 'hardLink') {
      const target = this.#pathOf(entry.link, 'the name it is linked to');
      const reached = this.#isFolder(parentOf(target), entry.path, false);
      const stat = reached ? fs.lstatSync(target, { throwIfNoEntry: false }) : undefined;
      if (stat === undefined || stat.isDirectory()) {
        throw new Refusal(
          'invalid',
          `${shownName(entry.path)} is linked to ${shownName(entry.link)}, which did not come before it.`,
        );
      }
      fs.linkSync(target, path);
      report.hardLinks += 1;
      return;
    }
    if (entry.kind === 'link') {
      if (entry.link.length === 0 || entry.link.length > mostPath || entry.link.includes(0)) {
        throw new Refusal('invalid', `The link ${shownName(entry.path)} leads nowhere that can be.`);
      }
      fs.symlinkSync(entry.link, path);
      report.links += 1;
    } else if (entry.kind === 'pipe') {
      raw.check('mkfifo', mkfifo(Buffer.concat([path, Buffer.from([0])]), 0o600));
      report.pipes += 1;
    } else await this.#file(path, entry);
    this.#describe(path, entry);
  }

  async #file(path: Buffer, entry: TarEntry): Promise<void> {
    const fd = fs.openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    const leftBytes = this.#order.mostBytes - this.report.bytes;
    try {
      const write = entry.sparseSize === null ? writeContent : writeSparse;
      this.report.bytes += await write(fd, this.#reader, entry, leftBytes);
      this.report.files += 1;
    } finally {
      fs.closeSync(fd);
    }
  }

  #folder(path: Buffer, entry: TarEntry): void {
    const key = path.toString('latin1');
    if (!this.#made.has(key)) {
      this.#isFolder(path, entry.path, true);
      this.report.folders += 1;
    }
    this.#folders.set(key, { path, entry });
  }

  /** The folders above it exist, and nothing else has its name: what comes twice counts as it came last. */
  #makeRoom(path: Buffer, entry: TarEntry): void {
    this.#isFolder(parentOf(path), entry.path, true);
    const there = fs.lstatSync(path, { throwIfNoEntry: false });
    if (there === undefined) return;
    if (there.isDirectory()) {
      throw new Refusal('invalid', `${shownName(entry.path)} comes twice, once as a folder and once not.`);
    }
    fs.unlinkSync(path);
    this.report.replaced += 1;
  }

  /**
   * Whether a folder is there; `make` makes it. Every folder on the way has to be one and no link, else a name would mean another place
   * than it says.
   */
  #isFolder(path: Buffer, shown: Buffer, make: boolean): boolean {
    const text = path.toString('latin1');
    if (this.#made.has(text)) return true;
    if (!this.#isFolder(parentOf(path), shown, make)) return false;
    const stat = fs.lstatSync(path, { throwIfNoEntry: false });
    if (stat === undefined) {
      if (!make) return false;
      fs.mkdirSync(path, 0o755);
    } else if (!stat.isDirectory()) {
      const what = stat.isSymbolicLink() ? 'a link' : 'no folder';
      throw new Refusal('invalid', `${shownName(shown)} goes through something that is ${what}.`);
    }
    this.#made.add(text);
    return true;
  }

  #describe(path: Buffer, entry: TarEntry): void {
    fs.lchownSync(path, entry.uid, entry.gid);
    for (const [name, value] of entry.attributes) {
      if (!settable(name)) this.#leaveOut('attributes', entry.path, name);
      else this.#setOne(path, entry, name, value);
    }
    if (entry.kind !== 'link') fs.chmodSync(path, entry.mode);
    setTimes(path, entry.mtimeNs, entry.mtimeNs);
  }

  #setOne(path: Buffer, entry: TarEntry, name: string, value: Buffer): void {
    try {
      setAttributes(path, new Map([[name, value]]));
    } catch (error) {
      if (!isErrno(error, 'EINVAL', 'EPERM', 'EOPNOTSUPP', 'E2BIG', 'ERANGE', 'ENOSPC')) throw error;
      this.#leaveOut('attributes', entry.path, name);
    }
  }

  #leaveOut(what: 'devices' | 'attributes', path: Buffer, detail?: string): void {
    this.report[what] += 1;
    if (this.report.examples.length >= mostShown) return;
    const name = shownName(path);
    this.report.examples.push(detail === undefined ? name : `${name}: ${JSON.stringify(detail.slice(0, 60))}`);
  }

  /** Where a name of the archive lies here. Throws for one that means another place than it says, or cannot be. */
  #pathOf(given: Buffer, what: string): Buffer {
    const refuse = (why: string): never => {
      throw new Refusal('invalid', `${shownName(given)}: ${what} ${why}.`);
    };
    if (given.length === 0) refuse('is empty');
    if (given.includes(0)) refuse('holds a byte that no name can hold');
    if (given[0] === 47) refuse('begins at the root of another system');
    if (given.length > mostPath) refuse(`is longer than ${mostPath} bytes`);
    const parts = given
      .toString('latin1')
      .split('/')
      .filter((part) => part !== '' && part !== '.');
    if (parts.includes('..')) refuse('leads out of where it lies (..)');
    if (parts.some((part) => part.length > mostName)) refuse(`has a part longer than ${mostName} bytes`);
    if (parts.length > mostDepth) refuse(`is more than ${mostDepth} folders deep`);
    if (this.manifest !== null && parts.shift() !== 'root') refuse('lies outside of the exported tree');
    return Buffer.from(`/${parts.join('/')}`, 'latin1');
  }
}
