/**
 * Archives that want to do harm, or are broken: each is refused with a word that says why, nothing outside of the new container's tree is
 * touched, and nothing is left of the attempt. Over a real agent, through the whole of an import.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startTestAgent, type TestAgent } from '../../support/agent.ts';
import { gzip, type Part, paxRecord, smallSystem, tarOf, zstd } from '../../support/archives.ts';
import { importArchive, send, upload } from './place.ts';

let agent: TestAgent;
/** Outside of everything: what hostile names aim at. */
let outside: string;
let layersBefore: number;

beforeAll(async () => {
  agent = await startTestAgent('real');
  outside = mkdtempSync('/tmp/berth-outside-');
  writeFileSync(join(outside, 'mine'), 'untouched', { mode: 0o600 });
  // The first import makes the layer without anything in it, which stays.
  const { containerId } = await importArchive(agent, await upload(agent, tarOf(smallSystem)));
  await agent.act('container.delete', { containerId });
  layersBefore = (await agent.host()).layers.length;
});
afterAll(async () => {
  await agent?.cleanUp();
  rmSync(outside, { recursive: true, force: true });
});

const mountsOf = () =>
  readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => line.includes(`${agent.config.agentDir}/mnt/`) && !line.includes('/mnt/layers'))
    .map((line) => line.split(' ')[4]);

afterEach(async () => {
  expect(readdirSync(outside)).toEqual(['mine']);
  expect(readFileSync(join(outside, 'mine'), 'utf8')).toBe('untouched');
  expect(statSync(join(outside, 'mine')).mode & 0o7777).toBe(0o600);
  expect(await agent.inventory()).toEqual([]);
  expect((await agent.host()).layers).toHaveLength(layersBefore);
  expect(mountsOf().filter((target) => !target?.endsWith('/mnt'))).toEqual([]);
  const volumes = join(agent.config.poolPath, 'volumes');
  expect(existsSync(volumes) ? readdirSync(volumes) : []).toEqual([]);
});

const up = '../'.repeat(12);
const pieces = (folder: string) => ({
  evil: { name: `./${up}${folder}/evil`, content: 'x' } as Part,
});
const file = (name: string, more: Partial<Part> = {}): Part => ({ name, content: 'x', ...more });
const system = (...parts: (Part | Buffer)[]) => tarOf([...smallSystem, ...parts]);
const sparse = (size: number, map: string, data: string, more: Record<string, string> = {}): Part => ({
  name: './GNUSparseFile.0/s',
  content: Buffer.concat([Buffer.from(map.padEnd(Math.ceil(map.length / 512) * 512, '\0')), Buffer.from(data)]),
  pax: {
    'GNU.sparse.major': '1',
    'GNU.sparse.minor': '0',
    'GNU.sparse.name': './s',
    'GNU.sparse.realsize': String(size),
    ...more,
  },
});

/** Nothing but zeros, twice a gigabyte of them, in some hundred kilobytes. */
async function bomb(): Promise<Buffer> {
  const zeros = Buffer.alloc(4 * 1024 ** 2);
  const pieces = 600;
  async function* all() {
    yield tarOf([...smallSystem, file('./zeros', { size: pieces * zeros.length, content: '' })], { end: false });
    for (let i = 0; i < pieces; i += 1) yield zeros;
    yield Buffer.alloc(1024);
  }
  const chunks: Buffer[] = [];
  for await (const chunk of Readable.from(all(), { objectMode: false }).pipe(createZstdCompress())) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Name, archive, and what has to be in the refusal. */
const table: [string, () => Buffer | Promise<Buffer>, { code: string; says: RegExp }][] = [
  ['a name that climbs', () => system(pieces(outside).evil), { code: 'invalid', says: /leads out of where it lies/ }],
  ['.. in the middle', () => system(file('./a/../../b')), { code: 'invalid', says: /leads out/ }],
  [
    '.. in a long name of pax',
    () => system(file('./x', { pax: { path: `./${up}tmp/evil` } })),
    { code: 'invalid', says: /leads out/ },
  ],
  [
    '.. in a long name of GNU tar',
    () => system({ name: '././@LongLink', type: 'L', content: `${up}tmp/evil\0` }, file('./x')),
    { code: 'invalid', says: /leads out/ },
  ],
  [
    'an absolute name',
    () => system(file(`${outside}/evil`)),
    { code: 'invalid', says: /begins at the root of another system/ },
  ],
  [
    'an absolute name by pax',
    () => system(file('x', { pax: { path: `${outside}/evil` } })),
    { code: 'invalid', says: /begins at the root/ },
  ],
  [
    'a link, then a file through it',
    () => system({ name: './out', type: '2', link: outside }, file('./out/evil')),
    { code: 'invalid', says: /goes through something that is a link/ },
  ],
  [
    'a relative link that climbs, then a file through it',
    () => system({ name: './out', type: '2', link: `${up}${outside}` }, file('./out/evil')),
    { code: 'invalid', says: /goes through something that is a link/ },
  ],
  [
    'a link, then a folder of its name',
    () => system({ name: './out', type: '2', link: outside }, { name: './out/', type: '5', mode: 0o777 }),
    { code: 'invalid', says: /goes through something that is a link/ },
  ],
  [
    'links in a row, then a file through them',
    () => system({ name: './a', type: '2', link: 'b' }, { name: './b', type: '2', link: outside }, file('./a/evil')),
    { code: 'invalid', says: /goes through something that is a link/ },
  ],
  [
    'a hard link outside',
    () => system({ name: './h', type: '1', link: `${outside}/mine` }),
    { code: 'invalid', says: /begins at the root/ },
  ],
  [
    'a hard link that climbs',
    () => system({ name: './h', type: '1', link: `${up}${outside}/mine` }),
    { code: 'invalid', says: /leads out/ },
  ],
  [
    'a hard link through a link',
    () => system({ name: './out', type: '2', link: outside }, { name: './h', type: '1', link: './out/mine' }),
    { code: 'invalid', says: /goes through something that is a link/ },
  ],
  [
    'a hard link to what did not come',
    () => system({ name: './h', type: '1', link: './nothing' }),
    { code: 'invalid', says: /did not come before it/ },
  ],
  [
    'a hard link to a folder',
    () => system({ name: './h', type: '1', link: './bin' }),
    { code: 'invalid', says: /did not come before it/ },
  ],
  [
    'a file through a file',
    () => system(file('./bin/busybox/evil')),
    { code: 'invalid', says: /goes through something that is no folder/ },
  ],
  ['a folder that becomes a file', () => system(file('./bin')), { code: 'invalid', says: /comes twice/ }],
  [
    'the root as a file',
    () => tarOf([file('./'.replace('/', ''), { type: '7' }), ...smallSystem]),
    { code: 'invalid', says: /root is no folder/ },
  ],
  ['an empty name', () => system(file('')), { code: 'invalid', says: /is empty/ }],
  [
    'a zero byte in a name',
    () => system(file('x', { pax: { path: 'a\0b' } })),
    { code: 'invalid', says: /a byte that no name can hold/ },
  ],
  [
    'a part of a name that is too long',
    () => system(file('x', { pax: { path: 'n'.repeat(256) } })),
    { code: 'invalid', says: /a part longer than 255/ },
  ],
  [
    'a path that is too long',
    () => system(file('x', { pax: { path: `${'d/'.repeat(2100)}f` } })),
    { code: 'invalid', says: /longer than 4095/ },
  ],
  [
    'folders nested without end',
    () => system(file('x', { pax: { path: `${'d/'.repeat(300)}f` } })),
    { code: 'invalid', says: /more than 256 folders deep/ },
  ],
  [
    'an owner beyond the range',
    () => system(file('./x', { uid: 65_536 })),
    { code: 'invalid', says: /belongs to 65536/ },
  ],
  [
    'a group beyond the range, by pax',
    () => system(file('./x', { pax: { gid: '4000000000' } })),
    { code: 'invalid', says: /belongs to 4000000000/ },
  ],
  [
    'a negative owner',
    () => system(file('./x', { raw: { 108: '\xff\xff\xff\xff\xff\xff\xff\xff' } })),
    { code: 'invalid', says: /an owner is negative/ },
  ],
  [
    'a file larger than the disk',
    () => system(sparse(1 << 20, '1\n0\n5\n', 'hello'), file('./large', { size: 64 * 1024 ** 3, content: '' })),
    { code: 'invalid', says: /damaged or cut off/ },
  ],
  [
    'a sparse file of sixteen terabytes',
    () => system(sparse(16 * 1024 ** 4, '1\n0\n5\n', 'hello')),
    { code: 'too_large', says: /claims to be larger/ },
  ],
  [
    'a sparse map beyond its file',
    () => system(sparse(100, '1\n99\n5\n', 'hello')),
    { code: 'invalid', says: /map of the sparse file/ },
  ],
  [
    'a sparse map that goes back',
    () => system(sparse(100, '2\n50\n2\n10\n3\n', 'hello')),
    { code: 'invalid', says: /map of the sparse file/ },
  ],
  [
    'a sparse map that is no map',
    () => system(sparse(100, 'x\ny\n', 'hello')),
    { code: 'invalid', says: /map of the sparse file/ },
  ],
  [
    'a sparse map of more pieces than there are',
    () => system(sparse(100, '99999999\n', '')),
    { code: 'invalid', says: /map of the sparse file/ },
  ],
  [
    'an old sparse format',
    () => system(file('./s', { type: 'S' })),
    { code: 'invalid', says: /old format of GNU tar/ },
  ],
  [
    'an old sparse format by pax',
    () => system(file('./s', { pax: { 'GNU.sparse.map': '0,5' } })),
    { code: 'invalid', says: /sparse-version=1.0/ },
  ],
  ['a bomb of zstd', bomb, { code: 'too_large', says: /grows beyond measure/ }],
  [
    'content beyond the disk',
    () => zstd(system({ name: './big', content: Buffer.alloc(160 * 1024 ** 2, 'abcdefgh') })),
    { code: 'no_space', says: /disk of the container is full/ },
  ],
  [
    'more things than the plan has files',
    () => zstd(system(...Array.from({ length: 20_000 }, (_, i) => file(`./f${i}`)))),
    { code: 'too_large', says: /which is what the plan allows/ },
  ],
  [
    'a size that is no number',
    () => system(file('./x', { raw: { 124: 'zzzzzzzzzzz' } })),
    { code: 'invalid', says: /a size is not a number/ },
  ],
  [
    'a folder with content',
    () => system({ name: './d/', type: '5', content: 'x' }),
    { code: 'invalid', says: /no file, has content/ },
  ],
  [
    'a link with content',
    () => system({ name: './l', type: '2', link: 'x', content: 'x' }),
    { code: 'invalid', says: /no file, has content/ },
  ],
  [
    'a link without a target',
    () => system({ name: './l', type: '2' }),
    { code: 'invalid', says: /leads nowhere that can be/ },
  ],
  ['a kind nobody knows', () => system(file('./x', { type: 'Q' })), { code: 'invalid', says: /an entry of the kind/ }],
  ['a part of several volumes', () => system(file('./x', { type: 'M' })), { code: 'invalid', says: /several volumes/ }],
  [
    'a wrong checksum',
    () => system(file('./x', { sum: '000000\0 ' })),
    { code: 'invalid', says: /a checksum is wrong/ },
  ],
  [
    'no archive at all',
    () => Buffer.from('this is no archive, whatever it says '.repeat(40)),
    { code: 'invalid', says: /no tar archive/ },
  ],
  [
    'something after its end',
    () => Buffer.concat([tarOf(smallSystem, { end: false }), Buffer.alloc(512), Buffer.alloc(512, 'x')]),
    { code: 'invalid', says: /follows its end/ },
  ],
  ['no end', () => tarOf(smallSystem, { end: false }), { code: 'invalid', says: /damaged or cut off/ }],
  [
    'cut off within a file',
    () => system(file('./x', { content: 'y'.repeat(5000) })).subarray(0, -3000),
    { code: 'invalid', says: /damaged or cut off/ },
  ],
  [
    'cut off within gzip',
    () => gzip(system(file('./x', { content: randomBytes(9000) }))).subarray(0, -900),
    { code: 'invalid', says: /damaged or cut off/ },
  ],
  [
    'cut off within zstd',
    () => zstd(system(file('./x', { content: randomBytes(9000) }))).subarray(0, -20),
    { code: 'invalid', says: /damaged or cut off/ },
  ],
  [
    'damaged zstd',
    () => {
      const bytes = zstd(system(file('./x', { content: randomBytes(9000) })));
      bytes.fill(0x5a, 30, 60);
      return bytes;
    },
    { code: 'invalid', says: /./ },
  ],
  [
    'another compression',
    () => Buffer.concat([Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]), Buffer.alloc(600)]),
    { code: 'invalid', says: /This is xz/ },
  ],
  [
    'metadata that cannot be read',
    () => system({ name: 'pax', type: 'x', content: '99 path=x\n' }, file('./x')),
    { code: 'invalid', says: /metadata cannot be read/ },
  ],
  [
    'metadata without a length',
    () => system({ name: 'pax', type: 'x', content: 'path=x\n' }, file('./x')),
    { code: 'invalid', says: /metadata cannot be read/ },
  ],
  [
    'metadata twice',
    () =>
      system(
        { name: 'pax', type: 'x', content: paxRecord('path', 'a') },
        { name: 'pax', type: 'x', content: paxRecord('path', 'b') },
        file('./x'),
      ),
    { code: 'invalid', says: /metadata twice/ },
  ],
  [
    'metadata of everything that follows',
    () => system({ name: 'pax', type: 'g', content: paxRecord('path', 'etc/passwd') }, file('./x')),
    { code: 'invalid', says: /of everything that follows/ },
  ],
  [
    'more metadata than a file has',
    () => system(file('./x', { pax: { 'SCHILY.xattr.user.a': 'v'.repeat(1024 * 1024) } })),
    { code: 'too_large', says: /more names and attributes/ },
  ],
  [
    'metadata of a size it does not have',
    () => system({ name: 'pax', type: 'x', size: 4 * 1024 ** 3 }, file('./x')),
    { code: 'too_large', says: /more names and attributes/ },
  ],
  [
    'a time beyond time',
    () => system(file('./x', { pax: { mtime: '99999999999999' } })),
    { code: 'invalid', says: /a time is not one/ },
  ],
  [
    'metadata, then the end',
    () => tarOf([...smallSystem, { name: 'pax', type: 'x', content: paxRecord('path', 'a') }]),
    { code: 'invalid', says: /ends within an entry/ },
  ],
  [
    'no init',
    () => tarOf([{ name: './', type: '5' }, file('./etc/hostname')]),
    { code: 'invalid', says: /no \/sbin\/init/ },
  ],
  [
    'an init that leads outside',
    () =>
      tarOf([
        { name: './sbin/', type: '5' },
        { name: './sbin/init', type: '2', link: `${up}bin/sh` },
      ]),
    { code: 'invalid', says: /no \/sbin\/init/ },
  ],
  [
    'an init that is no program',
    () => tarOf([file('./sbin/init', { mode: 0o644 })]),
    { code: 'invalid', says: /is no program/ },
  ],
  [
    'an init nobody knows',
    () => tarOf([file('./sbin/runit-init', { mode: 0o755 }), { name: './sbin/init', type: '2', link: 'runit-init' }]),
    { code: 'invalid', says: /an init that we do not know/ },
  ],
  [
    'a description that is none',
    () => tarOf([file('berth-export.json', { content: '{"format"' })]),
    { code: 'invalid', says: /description in the archive cannot be read/ },
  ],
  [
    'a description that lies',
    () =>
      tarOf([
        file('berth-export.json', { content: '{"format":1,"name":7}' }),
        ...smallSystem.map((part) => ({ ...part, name: `root/${String(part.name)}` })),
      ]),
    { code: 'invalid', says: /says of itself cannot be/ },
  ],
  [
    'a name outside of the exported tree',
    () => tarOf([file('berth-export.json', { content: '{}' }), file('etc/passwd')]),
    { code: 'invalid', says: /outside of the exported tree/ },
  ],
];

describe('an archive is refused, and nothing is left of it, that has', () => {
  it.each(table)('%s', async (_name, make, { code, says }) => {
    const archive = await make();
    const uploadId = await upload(agent, archive);
    const before = (await agent.host()).pool.reservedBytes;
    expect(before).toBeGreaterThanOrEqual(archive.length);
    const refused = importArchive(agent, uploadId, { diskBytes: 128 * 1024 ** 2, inodes: 16_384 });
    await expect(refused).rejects.toMatchObject({ code, message: expect.stringMatching(says) });
    expect((await agent.host()).pool.reservedBytes).toBe(before);
  });
});

describe('a system comes out of an archive with', () => {
  it('names of any bytes, what cannot be kept said, and nothing that acts', async () => {
    const odd = Buffer.concat([Buffer.from('./line\nbreak '), Buffer.from([0xff, 0xfe]), Buffer.from(' -rf')]);
    const archive = zstd(
      system(
        file('./-rf'),
        file('./--checkpoint-action=exec=sh'),
        file('./x', { pax: { path: odd } }),
        { name: './dev/', type: '5' },
        { name: './dev/sda', type: '4' },
        { name: './dev/null', type: '3' },
        file('./labelled', {
          pax: { 'SCHILY.xattr.security.selinux': 'x', 'SCHILY.xattr.trusted.overlay.opaque': 'y' },
        }),
        file('./acl', { pax: { 'SCHILY.acl.access': 'user::rw-' } }),
        file('./twice', { content: 'first' }),
        file('./twice', { content: 'last', mode: 0o600 }),
        { name: './pipe', type: '6' },
        { name: './bin/su', type: '1', link: './bin/busybox' },
        sparse(1 << 20, '1\n524288\n5\n', 'hello'),
      ),
    );
    const { containerId, report } = await importArchive(agent, await upload(agent, archive, 1000));
    expect(report).toMatchObject({
      ...{ compression: 'zstd', init: 'busybox', devices: 2, attributes: 3, replaced: 1, hardLinks: 1, pipes: 1 },
      manifest: null,
    });
    expect(report.examples.join('\n')).toMatch(/dev\/sda/);
    expect(report.examples.join('\n')).toMatch(/trusted\.overlay\.opaque/);
    const list = { sort: 'name', descending: false, match: '', limit: 100, offset: 0 } as const;
    const path = (text: string) => Buffer.from(text).toString('base64');
    const { answer } = await agent.files(containerId, 'list', { path: path('/'), ...list });
    const names = answer.items.map((item) => Buffer.from(item.name, 'base64').toString('latin1'));
    expect(names).toEqual(
      expect.arrayContaining(['-rf', '--checkpoint-action=exec=sh', odd.toString('latin1').slice(2)]),
    );
    const read = async (name: string) => (await agent.files(containerId, 'read', { path: path(name) })).bytes;
    expect((await read('/twice')).toString()).toBe('last');
    const sparseFile = await read('/s');
    expect([sparseFile.length, sparseFile.indexOf('hello')]).toEqual([1 << 20, 524_288]);
    const dev = await agent.files(containerId, 'list', { path: path('/dev'), ...list });
    expect(dev.answer.items).toEqual([]);
    await agent.act('container.delete', { containerId });
  });

  it('all of its pieces: what is cut off goes on, and nothing is made of a part', async () => {
    const archive = tarOf(smallSystem);
    const sizeBytes = archive.length;
    const uploadId = uuidv7();
    const half = 2048;
    expect(await send(agent, uploadId, { offset: 0, sizeBytes }, archive.subarray(0, half))).toBe(half);
    await expect(importArchive(agent, uploadId)).rejects.toMatchObject({ code: 'state' });
    // A piece from another place is not taken, and the answer says where to go on.
    expect(await send(agent, uploadId, { offset: 0, sizeBytes }, archive)).toBe(half);
    const more = send(agent, uploadId, { offset: half, sizeBytes }, Buffer.concat([archive.subarray(half), archive]));
    await expect(more).rejects.toMatchObject({ code: 'invalid' });
    const other = send(agent, uploadId, { offset: half, sizeBytes: sizeBytes * 2 }, archive);
    await expect(other).rejects.toMatchObject({ code: 'conflict' });
    const huge = send(agent, uuidv7(), { offset: 0, sizeBytes: 1024 ** 4 }, archive);
    await expect(huge).rejects.toMatchObject({ code: 'no_space' });
  });
});
