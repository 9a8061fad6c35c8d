import { basename } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { digestsOf, stillVerified } from '#agent/layers/plan.ts';
import {
  containerOfTarget,
  judge,
  type MountRecord,
  overlaySources,
  purposes,
  recordName,
  rootPaths,
} from '#agent/rootfs/plan.ts';
import { parseMountinfo } from '#agent/sys/mountinfo.ts';
import {
  appletLinks,
  isStatic,
  mmdebstrapArgv,
  namesDebianSuite,
  stripMatches,
  templateVersion,
} from '#agent/templates/plan.ts';
import { idsOfImages, imageBytes, journalMiB, leftovers, mkfsArgv, needsRecovery } from '#agent/volumes/plan.ts';

const MiB = 1024 * 1024;
const record = (
  containerId: string,
  volume: string,
  purpose: MountRecord['purpose'] = 'root',
  idBase = 1,
): MountRecord => ({
  ...{ containerId, volume, purpose, idBase },
  layers: ['/l/1', '/l/2'],
  readOnly: purpose === 'old',
  bootId: 'b',
});

describe('who may mount a volume', () => {
  it('is one container in one role, whatever else is mounted', () => {
    const name = fc.constantFrom('a', 'b', 'c', 'd');
    const purpose = fc.constantFrom(...purposes);
    const step = fc.tuple(name, fc.constantFrom('v1', 'v2', 'v3'), purpose, fc.constantFrom(1, 2));
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const mounted: MountRecord[] = [];
        for (const [containerId, volume, role, idBase] of steps) {
          const wanted = record(containerId, volume, role, idBase);
          if (judge(wanted, mounted) === 'free') mounted.push(wanted);
        }
        expect(new Set(mounted.map((m) => m.volume)).size).toBe(mounted.length);
        expect(new Set(mounted.map((m) => `${m.containerId} ${m.purpose}`)).size).toBe(mounted.length);
        for (const m of mounted) expect(judge(m, mounted)).toBe('same');
      }),
    );
  });

  it('names the holder, and tells the same mount from another one at the same place', () => {
    const mounted = [record('a', 'v')];
    expect(judge(record('b', 'v'), mounted)).toEqual({ takenBy: 'a' });
    expect(judge(record('b', 'v', 'old'), mounted)).toEqual({ takenBy: 'a' });
    expect(judge(record('a', 'w'), mounted)).toEqual({ differs: true });
    expect(judge({ ...record('a', 'v'), layers: ['/l/2', '/l/1'] }, mounted)).toEqual({ differs: true });
    expect(judge(record('a', 'w', 'old'), mounted)).toBe('free');
  });
});

describe('paths of roots', () => {
  it('lead back to the container', () => {
    fc.assert(
      fc.property(fc.uuid(), fc.constantFrom(...purposes), (containerId, purpose) => {
        const target = rootPaths('/state').target(containerId, purpose);
        expect(containerOfTarget('/state', target)).toEqual({ containerId, purpose });
        expect(recordName(basename(rootPaths('/state').record(containerId, purpose)))).toEqual({
          containerId,
          purpose,
        });
        expect(containerOfTarget('/other', target)).toBeNull();
        expect(containerOfTarget('/state', `${target}/dev`)).toBeNull();
      }),
    );
  });

  it('give the kernel the topmost layer first', () => {
    const plan = { containerId: 'c', idBase: 1, layers: ['/base', '/app'], volume: '/v' };
    expect(overlaySources(plan, false)).toEqual({ layers: ['/app', '/base'], upperAsLayer: false });
    expect(overlaySources(plan, true)).toEqual({ layers: ['/app', '/base'], upperAsLayer: true });
  });
});

describe('mountinfo', () => {
  it('is read with optional fields, escapes and both kinds of read-only', () => {
    const text = [
      '36 35 98:0 /mnt1 /mnt2\\040a rw,noatime master:1 shared:2 - ext3 /dev/root\\134x rw,errors=continue',
      '50 43 0:40 / /r rw,nodev - overlay berth ro,lowerdir+=/',
      '51 43 0:41 / /s ro,nodev - ext4 /dev/loop1 rw',
      '',
    ].join('\n');
    expect(parseMountinfo(text)).toEqual([
      {
        target: '/mnt2 a',
        type: 'ext3',
        source: '/dev/root\\x',
        readOnly: false,
        options: ['rw', 'noatime'],
        group: 2,
      },
      { target: '/r', type: 'overlay', source: 'berth', readOnly: true, options: ['rw', 'nodev'], group: null },
      { target: '/s', type: 'ext4', source: '/dev/loop1', readOnly: true, options: ['ro', 'nodev'], group: null },
    ]);
  });

  it('never throws', () => {
    fc.assert(fc.property(fc.string(), (text) => Array.isArray(parseMountinfo(text))));
  });
});

describe('a file system for a volume', () => {
  it('never exceeds what was bought, and asks for inodes that fit', () => {
    const bytes = fc.integer({ min: 64 * MiB, max: 16 * 1024 * 1024 * MiB });
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1024, max: 2 ** 32 }), (size, inodes) => {
        expect(imageBytes(size)).toBeLessThanOrEqual(size);
        expect(size - imageBytes(size)).toBeLessThan(4096);
        expect(journalMiB(size) * MiB).toBeLessThan(size / 10);
        const argv = mkfsArgv('/i', { bytes: imageBytes(size), inodes }, '/s');
        const asked = Number(argv[argv.indexOf('-N') + 1]);
        expect(asked).toBeLessThanOrEqual(inodes);
        expect(asked).toBeLessThanOrEqual(imageBytes(size) / 4096);
      }),
    );
  });

  it('is known to need its journal by its superblock', () => {
    const superblock = Buffer.alloc(1024);
    expect(() => needsRecovery(superblock)).toThrow(/ext4/);
    superblock.writeUInt16LE(0xef53, 0x38);
    expect(needsRecovery(superblock)).toBe(false);
    superblock.writeUInt32LE(0x2c6, 0x60);
    expect(needsRecovery(superblock)).toBe(true);
  });

  it('is found on disk under its id, finished or not', () => {
    const names = ['a.img', 'b.img.new', 'a.img.resize', '.probe', 'x.txt'];
    expect(idsOfImages(names)).toEqual(['a', 'b']);
    expect(leftovers(names)).toEqual(['a.img.resize', 'b.img.new']);
  });
});

describe('layers on disk', () => {
  it('are what is named by a digest and nothing else', () => {
    const hex = 'ab'.repeat(32);
    expect(digestsOf([`${hex}.erofs`, `${hex}.d`, '.new-1-1', `${hex}x.erofs`, 'lost+found'], '.erofs')).toEqual([
      `sha256:${hex}`,
    ]);
    expect(digestsOf([hex, 'short'], '')).toEqual([`sha256:${hex}`]);
  });

  it('are verified again after any change', () => {
    const now = { bootId: 'b', inode: '1', size: '2', mtimeNs: '3', ctimeNs: '4' };
    expect(stillVerified({ ...now }, now)).toBe(true);
    for (const key of Object.keys(now)) expect(stillVerified({ ...now, [key]: 'other' }, now)).toBe(false);
    for (const nothing of [null, 'x', 4, {}]) expect(stillVerified(nothing, now)).toBe(false);
  });
});

describe('templates', () => {
  it('carry a version that follows the content', () => {
    expect(templateVersion('12', `sha256:${'abcdef0123456789'.repeat(4)}`)).toBe('12+abcdef01');
  });

  it('link every applet to the one busybox', () => {
    const tree = appletLinks('bin/sh\nusr/bin/env\nlinuxrc\nbin/busybox\nbin/sh\n../etc/evil\n');
    expect(tree.filter((e) => e.kind === 'link').map((e) => e.path)).toEqual(['bin/sh', 'sbin/init', 'usr/bin/env']);
    expect(tree.filter((e) => e.kind === 'directory').map((e) => e.path)).toEqual(['bin', 'sbin', 'usr/bin']);
  });

  it('take a busybox that needs no interpreter only', () => {
    const elf = Buffer.alloc(64 + 2 * 56);
    elf.writeUInt32BE(0x7f454c46, 0);
    elf[4] = 2;
    elf.writeBigUInt64LE(64n, 32);
    elf.writeUInt16LE(56, 54);
    elf.writeUInt16LE(2, 56);
    elf.writeUInt32LE(1, 64);
    elf.writeUInt32LE(1, 64 + 56);
    expect(isStatic(elf)).toBe(true);
    elf.writeUInt32LE(3, 64 + 56);
    expect(isStatic(elf)).toBe(false);
    fc.assert(fc.property(fc.uint8Array(), (bytes) => isStatic(Buffer.from(bytes)) === false));
  });

  it('strip by name or by one star', () => {
    const names = ['ssh_host_rsa_key', 'sshd_config', 'templates.dat-old', '*'];
    expect(stripMatches('etc/ssh/ssh_host_*', names)).toEqual(['ssh_host_rsa_key']);
    expect(stripMatches('x/*-old', names)).toEqual(['templates.dat-old']);
    expect(stripMatches('x/*', names)).toEqual(names);
    expect(stripMatches('x/sshd_config', names)).toEqual(['sshd_config']);
  });

  it('use the host’s entries for Debian’s suite, not third parties’', () => {
    const yes = [
      'deb http://deb.debian.org/debian bookworm main contrib',
      'deb [signed-by=/k.gpg arch=amd64] http://mirror/debian bookworm main',
      'Types: deb deb-src\nURIs: http://m/debian\nSuites: bookworm bookworm-updates\nComponents: main\n',
    ];
    const no = [
      '# deb http://deb.debian.org/debian bookworm main',
      'deb https://example.org/debian bookworm stable',
      'deb http://apt.example.org/pub bookworm-pgdg main',
      'deb http://deb.debian.org/debian trixie main',
      'Types: deb\nURIs: http://m/debian\nSuites: trixie\nComponents: main\n\nTypes: deb-src\nSuites: bookworm\nComponents: main\n',
    ];
    for (const content of yes) expect(namesDebianSuite(content, 'bookworm'), content).toBe(true);
    for (const content of no) expect(namesDebianSuite(content, 'bookworm'), content).toBe(false);
  });

  it('name Debian’s mirrors where the host has none for the suite', () => {
    const base = { suite: 'bookworm', packages: ['dbus'] };
    expect(mmdebstrapArgv(base, '/r', []).filter((a) => a.startsWith('deb ')).length).toBe(3);
    expect(mmdebstrapArgv(base, '/r', ['/etc/apt/x.sources']).slice(-3)).toEqual([
      'bookworm',
      '/r',
      '/etc/apt/x.sources',
    ]);
  });
});
