/**
 * Reads tar: ustar, pax (names and attributes of any bytes, sparse files in the format of GNU tar 1.0), GNU long names. Written for
 * archives that want to do harm: everything in them is checked, every size bounded, and what is not understood is refused by name.
 */
import { Refusal } from './refusal.ts';
import type { TarSource } from './tar-source.ts';

export type TarKind = 'file' | 'hardLink' | 'link' | 'folder' | 'pipe' | 'device';
export type TarEntry = {
  kind: TarKind;
  path: Buffer;
  link: Buffer;
  mode: number;
  uid: number;
  gid: number;
  mtimeNs: bigint;
  /** Bytes of content that follow. */
  size: number;
  /** The content begins with a map of where it lies in a file of this size. */
  sparseSize: number | null;
  attributes: ReadonlyMap<string, Buffer>;
  /** Metadata that is not kept: texts of ACLs, labels of other systems. */
  ignored: readonly string[];
};

export const tarBlock = 512;
/** Of one entry, names and attributes together; and of all. */
const mostMetadataBytes = 1024 * 1024;
const mostAllMetadataBytes = 512 * 1024 * 1024;
const mostSeconds = 2n ** 34n;
const second = 1_000_000_000n;

const kinds: Record<string, TarKind> = {
  '\0': 'file',
  '0': 'file',
  '7': 'file',
  '1': 'hardLink',
  '2': 'link',
  '3': 'device',
  '4': 'device',
  '5': 'folder',
  '6': 'pipe',
};
const unsupported: Record<string, string> = {
  S: 'a sparse file in an old format of GNU tar; make the archive with --format=pax',
  M: 'a part of an archive of several volumes',
  D: 'an incremental dump of GNU tar',
  N: 'names in an old format of GNU tar',
};
const attribute = 'SCHILY.xattr.';
const attributesTwice = 'LIBARCHIVE.xattr.';

function wrong(what: string): Refusal {
  return new Refusal('invalid', `The archive is not well-formed: ${what}.`);
}

export class TarReader {
  readonly #source: TarSource;
  #contentLeft = 0;
  #paddingLeft = 0;
  #metadataBytes = 0;

  constructor(source: TarSource) {
    this.#source = source;
  }

  /** The next entry, after whatever was not read of the content of the one before; null at the end. */
  async next(): Promise<TarEntry | null> {
    await this.#source.skip(this.#contentLeft + this.#paddingLeft);
    this.#contentLeft = 0;
    this.#paddingLeft = 0;
    let pax: Map<string, Buffer> | undefined;
    let longName: Buffer | undefined;
    let longLink: Buffer | undefined;
    for (;;) {
      const head = await this.#source.exactly(tarBlock);
      if (isZero(head)) {
        const more = await this.#source.some(tarBlock);
        if (!isZero(more)) throw wrong('something follows its end');
        if (pax !== undefined || longName !== undefined || longLink !== undefined)
          throw wrong('it ends within an entry');
        return null;
      }
      checkSum(head);
      const type = String.fromCharCode(head[156] ?? 0);
      const size = numberAt(head, 124, 12, 'a size');
      if (type === 'x') {
        if (pax !== undefined) throw wrong('an entry has its metadata twice');
        pax = records(await this.#metadata(size));
      } else if (type === 'g') refuseGlobal(records(await this.#metadata(size)));
      else if (type === 'L') longName = untilZero(await this.#metadata(size));
      else if (type === 'K') longLink = untilZero(await this.#metadata(size));
      else if (type === 'V') await this.#source.skip(padded(size));
      else return this.#entry(head, type, size, { pax: pax ?? new Map(), longName, longLink });
    }
  }

  /** More of the present entry's content; empty when there is no more. */
  async content(most: number): Promise<Buffer> {
    if (this.#contentLeft === 0) return Buffer.alloc(0);
    const piece = await this.#source.some(Math.min(most, this.#contentLeft));
    if (piece.length === 0) throw new Refusal('invalid', 'The archive is damaged or cut off.');
    this.#contentLeft -= piece.length;
    return piece;
  }

  async #metadata(size: number): Promise<Buffer> {
    this.#metadataBytes += size;
    if (size > mostMetadataBytes || this.#metadataBytes > mostAllMetadataBytes) {
      throw new Refusal('too_large', 'The archive has more names and attributes than a system has.');
    }
    const bytes = Buffer.from(await this.#source.exactly(size));
    await this.#source.skip(padded(size) - size);
    return bytes;
  }

  #entry(
    head: Buffer,
    type: string,
    headSize: number,
    extra: { pax: Map<string, Buffer>; longName: Buffer | undefined; longLink: Buffer | undefined },
  ): TarEntry {
    const { pax } = extra;
    const given = kinds[type];
    if (given === undefined) {
      const shown = JSON.stringify(type);
      throw new Refusal('invalid', `The archive holds ${unsupported[type] ?? `an entry of the kind ${shown}`}.`);
    }
    const size = decimalOf(pax, 'size') ?? headSize;
    const sparse = sparseOf(pax);
    const path = sparse?.name ?? pax.get('path') ?? extra.longName ?? nameIn(head);
    const isFolder = given === 'folder' || (given === 'file' && type !== '7' && path.at(-1) === 47);
    const kind = isFolder ? 'folder' : given;
    if (kind !== 'file' && size !== 0) throw wrong(`it says that ${shownName(path)}, which is no file, has content`);
    if (kind !== 'file' && sparse !== null) throw wrong(`it says that ${shownName(path)}, which is no file, is sparse`);
    this.#contentLeft = size;
    this.#paddingLeft = padded(size) - size;
    const { attributes, ignored } = attributesIn(pax);
    return {
      ...{ kind, path, size, attributes, ignored, sparseSize: sparse?.size ?? null },
      link: pax.get('linkpath') ?? extra.longLink ?? untilZero(head.subarray(157, 257)),
      mode: numberAt(head, 100, 8, 'a mode') & 0o7777,
      uid: decimalOf(pax, 'uid') ?? numberAt(head, 108, 8, 'an owner'),
      gid: decimalOf(pax, 'gid') ?? numberAt(head, 116, 8, 'a group'),
      mtimeNs: timeOf(pax.get('mtime')) ?? BigInt(numberAt(head, 136, 12, 'a time')) * second,
    };
  }
}

export const padded = (size: number) => Math.ceil(size / tarBlock) * tarBlock;
const isZero = (bytes: Buffer) => bytes.every((byte) => byte === 0);

/** For messages: bytes that are no text are replaced, and what a terminal would obey is taken out. */
export function shownName(path: Buffer): string {
  const text = path.toString().replace(/[\p{C}]/gu, '?');
  return `“${text.length > 120 ? `${text.slice(0, 120)}…` : text}”`;
}

function untilZero(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return Buffer.from(end === -1 ? bytes : bytes.subarray(0, end));
}

function nameIn(head: Buffer): Buffer {
  const name = untilZero(head.subarray(0, 100));
  const prefix = head.toString('latin1', 257, 263) === 'ustar\0' ? untilZero(head.subarray(345, 500)) : Buffer.alloc(0);
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
}

/** The sum of the header's bytes, its own field as blanks; some old programs added them with signs. */
function checkSum(head: Buffer): void {
  const said = Number.parseInt(head.toString('latin1', 148, 156).replace(/\0.*$/s, '').trim(), 8);
  let [plain, signed] = [0, 0];
  for (const [i, byte] of head.entries()) {
    const value = i >= 148 && i < 156 ? 32 : byte;
    plain += value;
    signed += value < 128 ? value : value - 256;
  }
  if (said !== plain && said !== signed) {
    throw new Refusal('invalid', 'This is no tar archive, or it is damaged: a checksum is wrong.');
  }
}

/** Octal digits, or with the highest bit set a number in bytes, as GNU tar writes large ones. */
function numberAt(head: Buffer, at: number, width: number, what: string): number {
  const field = head.subarray(at, at + width);
  if (((field[0] ?? 0) & 0x80) !== 0) {
    if (field[0] !== 0x80) throw wrong(`${what} is negative`);
    const value = field.subarray(1).reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw wrong(`${what} is too large`);
    return Number(value);
  }
  const text = field.toString('latin1').replace(/\0.*$/s, '').trim();
  if (!/^[0-7]*$/.test(text)) throw wrong(`${what} is not a number`);
  return text === '' ? 0 : Number.parseInt(text, 8);
}

/** `<length> <key>=<value>\n`, the length counting itself. */
function records(bytes: Buffer): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(32, at);
    const digits = blank === -1 || blank - at > 9 ? '' : bytes.toString('latin1', at, blank);
    const length = /^[1-9]\d*$/.test(digits) ? Number(digits) : 0;
    const end = at + length;
    const equals = bytes.indexOf(61, blank);
    if (
      length === 0 ||
      end > bytes.length ||
      bytes[end - 1] !== 10 ||
      equals === -1 ||
      equals >= end - 1 ||
      equals === blank + 1
    ) {
      throw wrong('its metadata cannot be read');
    }
    found.set(bytes.toString('latin1', blank + 1, equals), bytes.subarray(equals + 1, end - 1));
    at = end;
  }
  return found;
}

function decimalOf(pax: ReadonlyMap<string, Buffer>, key: string): number | undefined {
  const text = pax.get(key)?.toString('latin1');
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw wrong(`its ${key} is not a number that can be`);
  return Number(text);
}

function timeOf(value: Buffer | undefined): bigint | undefined {
  if (value === undefined) return undefined;
  const [, sign, whole = '', part = ''] = /^(-?)(\d{1,12})(?:\.(\d{1,20}))?$/.exec(value.toString('latin1')) ?? [];
  if (whole === '' || BigInt(whole) > mostSeconds) throw wrong('a time is not one that can be');
  const ns = BigInt(whole) * second + BigInt(part.slice(0, 9).padEnd(9, '0'));
  return sign === '-' ? -ns : ns;
}

/** What holds for all that follows may be a remark, and nothing that changes where anything goes. */
function refuseGlobal(pax: ReadonlyMap<string, Buffer>): void {
  for (const key of pax.keys()) {
    const harmless = key === 'comment' || key === 'hdrcharset' || key === 'atime' || key === 'ctime';
    if (!harmless) throw wrong(`it says ${JSON.stringify(key.slice(0, 40))} of everything that follows`);
  }
}

function sparseOf(pax: ReadonlyMap<string, Buffer>): { name: Buffer; size: number } | null {
  if (![...pax.keys()].some((key) => key.startsWith('GNU.sparse.'))) return null;
  const name = pax.get('GNU.sparse.name');
  const size = decimalOf(pax, 'GNU.sparse.realsize');
  if (
    decimalOf(pax, 'GNU.sparse.major') !== 1 ||
    decimalOf(pax, 'GNU.sparse.minor') !== 0 ||
    name === undefined ||
    size === undefined
  ) {
    throw new Refusal(
      'invalid',
      'The archive holds a sparse file in an old format; make it with --sparse-version=1.0.',
    );
  }
  return { name, size };
}

function attributesIn(pax: ReadonlyMap<string, Buffer>) {
  const attributes = new Map<string, Buffer>();
  const ignored: string[] = [];
  for (const [key, value] of pax) {
    if (key.startsWith(attribute)) attributes.set(key.slice(attribute.length), Buffer.from(value));
    else if (key.startsWith('SCHILY.acl.') || key.startsWith('RHT.') || key.startsWith('SCHILY.fflags'))
      ignored.push(key);
    else if (key.startsWith(attributesTwice) && !pax.has(`${attribute}${key.slice(attributesTwice.length)}`)) {
      ignored.push(key);
    }
  }
  return { attributes, ignored };
}
