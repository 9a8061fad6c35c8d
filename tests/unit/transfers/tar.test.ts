/** Reading tar without a file system: what the standard says, and that damage is refused with a word, never met with anything else. */
import { expect, it } from 'vitest';
import { Refusal } from '#agent/sys/files-helper/refusal.ts';
import { TarReader } from '#agent/sys/files-helper/tar-reader.ts';
import { TarSource } from '#agent/sys/files-helper/tar-source.ts';
import { gzip, type Part, smallSystem, tarOf, zstd } from '../../support/archives.ts';
import { Random } from '../../support/random.ts';

async function* inPieces(bytes: Buffer, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function readAll(archive: Buffer, pieceBytes = 1000) {
  const source = await TarSource.of(inPieces(archive, pieceBytes));
  const reader = new TarReader(source);
  const entries = [];
  for (let entry = await reader.next(); entry !== null; entry = await reader.next()) {
    const parts: Buffer[] = [];
    for (let piece = await reader.content(700); piece.length > 0; piece = await reader.content(700)) {
      parts.push(Buffer.from(piece));
    }
    entries.push({ ...entry, content: Buffer.concat(parts) });
  }
  return { entries, compression: source.compression };
}

const odd = Buffer.from([0x2e, 0x2f, 0xff, 0x0a, 0xfe]);
const parts: readonly Part[] = [
  ...smallSystem,
  { name: './a', content: 'x'.repeat(5000), mode: 0o4751, uid: 1234, gid: 65_535, mtime: 1 },
  { name: 'x', pax: { path: odd, mtime: '-1.5', uid: '7', 'SCHILY.xattr.user.b': Buffer.from([0, 255, 61, 10]) } },
  { name: '././@LongLink', type: 'L', content: `./${'n'.repeat(200)}\0` },
  { name: './cut', content: 'long' },
  { name: './h', type: '1', link: './a' },
  { name: './p', type: '6' },
  { name: './d', type: '3' },
];

it.each([
  ['plain', tarOf(parts), 'none'],
  ['gzip', gzip(tarOf(parts)), 'gzip'],
  ['zstd', zstd(tarOf(parts)), 'zstd'],
])('names, owners, times and attributes come out as they went in (%s)', async (_name, archive, compression) => {
  for (const size of [1, 511, 513, 100_000]) {
    const read = await readAll(archive, size);
    expect(read.compression).toBe(compression);
    const [a, b, c, h, p, d] = read.entries.slice(smallSystem.length);
    expect(a).toMatchObject({ kind: 'file', mode: 0o4751, uid: 1234, gid: 65_535, mtimeNs: 1_000_000_000n });
    expect(a?.content.toString()).toBe('x'.repeat(5000));
    expect(b).toMatchObject({ path: odd, uid: 7, mtimeNs: -1_500_000_000n });
    expect([...(b?.attributes ?? [])]).toEqual([['user.b', Buffer.from([0, 255, 61, 10])]]);
    expect(c?.path.toString()).toBe(`./${'n'.repeat(200)}`);
    expect(c?.content.toString()).toBe('long');
    expect([h, p, d].map((one) => one?.kind)).toEqual(['hardLink', 'pipe', 'device']);
  }
});

it('whatever is damaged in an archive, it is read or refused, and nothing else happens', async () => {
  const random = new Random(20_261_125);
  const whole = [tarOf(parts), gzip(tarOf(parts)), zstd(tarOf(parts))];
  const outcome = { read: 0, refused: 0 };
  for (let round = 0; round < 600; round += 1) {
    let bytes = Buffer.from(random.pick(whole as [Buffer, ...Buffer[]]));
    const damages = 1 + random.below(4);
    for (let i = 0; i < damages; i += 1) bytes[random.below(bytes.length)] = random.below(256);
    if (random.chance(0.2)) bytes = bytes.subarray(0, random.below(bytes.length));
    try {
      await readAll(bytes, 1 + random.below(2000));
      outcome.read += 1;
    } catch (error) {
      expect(error, `round ${round}: ${String(error)}`).toBeInstanceOf(Refusal);
      outcome.refused += 1;
    }
  }
  expect(outcome.refused).toBeGreaterThan(200);
  expect(outcome.read).toBeGreaterThan(20);
});
