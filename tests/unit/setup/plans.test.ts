import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtempDisposable } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isLoopback, mergeConfig } from '#server/setup/configure.ts';
import { differences, EngineLock, keep, mirrorIn } from '#server/setup/engine-packages.ts';
import { limitsToRaise, raiseLimits, restoreLimits, type Sysctl, wantedLimits } from '#server/setup/limits.ts';
import { parseSize, poolSize } from '#server/setup/pool.ts';
import { run } from '#server/setup/run.ts';
import { firstAdministrator } from '#server/setup/seed.ts';
import { belowFloor, compareVersions, versionIn } from '#server/setup/versions.ts';
import { backOffMs } from '#server/supervisor-process.ts';

const GiB = 1024 ** 3;

describe('versions of the engine', () => {
  it('are read out of what the programs say', () => {
    expect(versionIn('runc version 1.3.6+ds1\ncommit: x')).toBe('1.3.6');
    expect(versionIn('Version: 4.2.1\n')).toBe('4.2.1');
    expect(versionIn('restic 0.19.1 compiled with go1.26.4')).toBe('0.19.1');
    expect(versionIn('none')).toBeUndefined();
  });

  it('below the floor are named, at the floor are not', () => {
    expect(belowFloor({ runc: '1.3.3', criu: '4.2', restic: '0.16' })).toEqual([]);
    expect(belowFloor({ runc: '1.3.2', criu: '4.1.1', restic: '0.9.9' })).toHaveLength(3);
  });

  it('are ordered by number, not by text', () => {
    const version = fc.array(fc.nat(50), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(version, version, (a, b) => {
        const forth = Math.sign(compareVersions(a.join('.'), b.join('.')));
        expect(Math.sign(compareVersions(b.join('.'), a.join('.')))).toBe(forth === 0 ? 0 : -forth);
      }),
    );
    expect(compareVersions('0.16', '0.9')).toBeGreaterThan(0);
    expect(compareVersions('4.2', '4.2.0')).toBe(0);
  });
});

describe('the lock of the engine', () => {
  const lock = (version: string, sha256: string): EngineLock => ({
    suite: 'forky',
    architecture: 'amd64',
    packages: [{ name: 'runc', version, sha256: sha256.repeat(64) }],
  });

  it('is departed from aloud', () => {
    expect(differences(lock('1.3.6', 'a'), lock('1.3.6', 'a'))).toEqual([]);
    expect(differences(lock('1.3.6', 'a'), lock('1.3.7', 'b'))).toEqual([
      'runc 1.3.6 is gone from the archive; 1.3.7 is used instead.',
    ]);
  });

  it('names packages as apt asks for them, and the cache finds them by it', async () => {
    await using temporary = await mkdtempDisposable(join(tmpdir(), 'berth-lock-'));
    const [control, cache] = [join(temporary.path, 'made', 'DEBIAN'), join(temporary.path, 'cache')];
    for (const path of [control, cache]) mkdirSync(path, { recursive: true });
    const fields = {
      Package: 'planted',
      Version: '1:2.0~rc1-3',
      Architecture: 'all',
      Maintainer: 'none',
      Description: 'x',
    };
    const text = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
    writeFileSync(join(control, 'control'), text.join(''));
    await run('dpkg-deb', ['--build', '--root-owner-group', dirname(control), temporary.path]);
    const kept = await keep(cache, temporary.path);
    expect(kept).toEqual([
      { name: 'planted', version: '1:2.0~rc1-3', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(readdirSync(cache)).toEqual([`planted_${kept[0]?.sha256.slice(0, 16)}.deb`]);
    const committed = new URL('../../../engine.lock.json', import.meta.url);
    expect(EngineLock.safeParse(JSON.parse(readFileSync(committed, 'utf8'))).error).toBeUndefined();
    expect(EngineLock.shape.packages.safeParse([1, 2, 3].map(() => ({ ...kept[0], name: 'Package: x' }))).success).toBe(
      false,
    );
  });

  it('is fetched from the mirror the machine uses for Debian, in either format of its sources', () => {
    const deb822 =
      'Types: deb\nURIs: https://deb.nodesource.com/node_20.x\n\nTypes: deb\nURIs: http://mirror.test/debian\n';
    expect(mirrorIn(deb822)).toBe('http://mirror.test/debian');
    expect(mirrorIn('deb [signed-by=/x.gpg] https://m.test/debian/ trixie main')).toBe('https://m.test/debian/');
    expect(mirrorIn('# deb http://no.test/debian x main\n')).toBe('http://deb.debian.org/debian');
  });
});

describe('the size of the pool', () => {
  it('is 40 % of what is free, within 4 and 64 GiB, and always leaves room', () => {
    expect(poolSize(50 * GiB, undefined)).toBe(20 * GiB);
    expect(poolSize(1000 * GiB, undefined)).toBe(64 * GiB);
    expect(poolSize(7 * GiB, undefined)).toBe(4 * GiB);
    expect(() => poolSize(5 * GiB, undefined)).toThrow('only 5.0 GiB are free');
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4000 }), (free) => {
        try {
          expect(poolSize(free * GiB, undefined)).toBeLessThanOrEqual(free * GiB - 2 * GiB);
        } catch (error) {
          expect(String(error)).toContain('free');
        }
      }),
    );
  });

  it('can be chosen', () => {
    expect(poolSize(50 * GiB, '8G')).toBe(8 * GiB);
    expect(() => poolSize(50 * GiB, '100M')).toThrow('at least 512M');
    expect(() => parseSize('lots')).toThrow('is no size');
    expect(parseSize('1.5GiB')).toBe(1.5 * GiB);
  });
});

describe('the configuration', () => {
  it('listens on loopback with demo accounts unless told', () => {
    const config = mergeConfig(undefined, {}, false);
    expect(config).toMatchObject({ bind: '127.0.0.1', port: 8080, baseUrl: 'http://127.0.0.1:8080', demo: true });
  });

  it('has no demo accounts as soon as others may reach it, directly or through a proxy', () => {
    const baseUrl = 'https://panel.test';
    expect(mergeConfig(undefined, { bind: '0.0.0.0', baseUrl }, false).demo).toBe(false);
    expect(mergeConfig(undefined, { behindProxy: true, baseUrl }, false).demo).toBe(false);
  });

  it('asks what people type where listening on every address, or a proxy before it, does not say it', () => {
    const first = mergeConfig(undefined, {}, false);
    for (const present of [undefined, first]) {
      for (const bind of ['0.0.0.0', '::'])
        expect(() => mergeConfig(present, { bind }, false)).toThrow(/--base-url http:.*:8080/);
      expect(() => mergeConfig(present, { behindProxy: true }, false)).toThrow('--base-url https:');
    }
    const told = mergeConfig(first, { behindProxy: true, baseUrl: 'https://panel.test' }, false);
    // The proxy's name is the same, wherever it finds the panel.
    expect(mergeConfig(told, { port: 9000 }, false)).toMatchObject({ port: 9000, baseUrl: 'https://panel.test' });
  });

  it('keeps its name when only the certificate is another, and takes the address anew when TLS begins', () => {
    const tls = { tlsCert: '/a.crt', tlsKey: '/a.key', tlsDir: '/certificates' };
    const first = mergeConfig(undefined, { bind: '192.0.2.10', baseUrl: 'https://panel.test', ...tls }, false);
    const renewed = mergeConfig(first, { tlsCert: '/b.crt', tlsKey: '/b.key' }, false);
    expect(renewed).toMatchObject({
      baseUrl: 'https://panel.test',
      tls: { certificate: '/b.crt', key: '/b.key', directory: '/certificates' },
    });
    const plain = mergeConfig(undefined, { bind: '192.0.2.10' }, false);
    expect(plain.baseUrl).toBe('http://192.0.2.10:8080');
    expect(mergeConfig(plain, tls, false).baseUrl).toBe('https://192.0.2.10:8080');
  });

  it('keeps what was set when it is run again without options', () => {
    const first = mergeConfig(
      undefined,
      { port: 9000, baseUrl: 'https://panel.test/', behindProxy: true, instance: 't1' },
      false,
    );
    expect(mergeConfig(first, {}, false)).toEqual(first);
    expect(first.baseUrl).toBe('https://panel.test');
  });

  it('refuses what cannot be meant', () => {
    const present = mergeConfig(undefined, { instance: 't1' }, false);
    expect(() => mergeConfig(present, { instance: 't2' }, false)).toThrow('cannot change');
    expect(() => mergeConfig(undefined, { tlsCert: '/a' }, false)).toThrow('belong together');
    expect(() => mergeConfig(undefined, { bind: 'example' }, false)).toThrow('IP address');
    expect(() => mergeConfig(undefined, { forwardPorts: '9-1' }, false)).toThrow('range of ports');
  });

  it('knows no port of a database that is somebody else’s', () => {
    expect(mergeConfig(undefined, {}, true).postgresPort).toBeUndefined();
  });

  it('tells loopback from the rest', () => {
    expect(['127.0.0.1', '127.8.8.8', '::1', 'localhost'].every(isLoopback)).toBe(true);
    expect(['0.0.0.0', '::', '192.0.2.1', '10.0.0.1'].some(isLoopback)).toBe(false);
  });
});

it('the first administrator has an address that sign-in takes, whatever the panel is called', () => {
  expect(firstAdministrator('https://panel.example.org')).toBe('admin@panel.example.org');
  for (const url of ['http://localhost:8080', 'http://192.0.2.1', 'http://[2001:db8::1]:80']) {
    expect(firstAdministrator(url)).toBe('admin@berth.localhost');
  }
});

describe('host limits', () => {
  it('are raised where lower, never lowered, and left alone where the kernel has none', async () => {
    const values: Record<string, number> = { 'fs/inotify/max_user_instances': 128, 'kernel/pid_max': 9_999_999 };
    const sysctl: Sysctl = { read: async (key) => values[key], write: async () => undefined };
    expect(await limitsToRaise(sysctl)).toEqual({
      'fs/inotify/max_user_instances': { before: 128, after: wantedLimits['fs/inotify/max_user_instances'] },
    });
  });

  it('come back with the last installation of the machine, as they were before the first', async () => {
    await using made = await mkdtempDisposable(join(tmpdir(), 'berth-limits-'));
    const directory = made.path;
    const key = 'fs/inotify/max_user_instances';
    const values: Record<string, number> = { [key]: 128 };
    const write = async (name: string, value: number) => {
      values[name] = value;
    };
    const sysctl: Sysctl = { read: async (name) => values[name], write };
    const place = { sysctl, record: join(directory, 'record.json') };
    const [one = '', two = '', gone = ''] = ['one', 'two', 'gone'].map((name) => join(directory, name));
    for (const state of [one, two]) {
      mkdirSync(state);
      writeFileSync(join(state, 'config.json'), '{}');
    }
    for (const state of [gone, one, two, one]) await raiseLimits(state, place);
    expect(await restoreLimits(one, place)).toEqual([]);
    expect(values[key]).toBe(wantedLimits[key]);
    expect(await restoreLimits(two, place)).toEqual([key]);
    expect(values[key]).toBe(128);
    expect(await restoreLimits(two, place)).toEqual([]);
    expect(readdirSync(directory).sort()).toEqual(['one', 'two']);
  });
});

it('a service that keeps ending is started again ever later, from 0.2 s to 30 s', () => {
  expect([1, 2, 3, 4, 20].map(backOffMs)).toEqual([200, 400, 800, 1600, 30_000]);
});
