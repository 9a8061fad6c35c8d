import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { checkLocation, layerPath, placesOf } from '#agent/backup/location.ts';
import {
  backupArguments,
  metadataFile,
  parseLine,
  parseSnapshots,
  percentOf,
  restoreArguments,
} from '#agent/backup/plan.ts';
import { createQueues } from '#agent/backup/queue.ts';

describe("restic's lines", () => {
  it('never throw, whatever they hold', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void parseLine(text)));
    expect(parseLine('{"message_type":"verbose_status"}')).toBeNull();
    expect(parseLine('{"message_type":"status","percent_done":"1"}')).toBeNull();
  });
  it('give a percentage from 0 to 100, also when restic counts past its own total', () => {
    for (const [done, percent] of [
      [0.25, 25],
      [1.7, 100],
      [-1, 0],
    ] as const) {
      const line = parseLine(JSON.stringify({ message_type: 'status', percent_done: done, current_files: ['\u0001'] }));
      expect(line?.message_type === 'status' && percentOf(line)).toBe(percent);
    }
  });
  it('give a percentage of what there is to read where restic has no total', () => {
    for (const [done, about, percent] of [
      [250, 1000, 25],
      [1700, 1000, 100],
      [0, 0, 0],
      [5, 0, 100],
    ] as const) {
      const line = parseLine(JSON.stringify({ message_type: 'status', percent_done: 0, bytes_done: done }));
      expect(line?.message_type === 'status' && percentOf(line, about)).toBe(percent);
    }
  });
});

describe('snapshots', () => {
  const document = {
    id: 'f'.repeat(64),
    time: '2026-01-02T03:04:05.678901234Z',
    hostname: 'c1',
    paths: ['/state/agent/mnt/snapshots/c1/upper', '/state/agent/run/backup/c1/metadata.json'],
    tags: ['backup-b1'],
  };
  it('are read with the directory they were taken from', () => {
    expect(parseSnapshots(JSON.stringify([document]))).toEqual([
      {
        resticSnapshotId: 'f'.repeat(64),
        takenAt: new Date('2026-01-02T03:04:05.678Z'),
        containerId: 'c1',
        backupId: 'b1',
        directory: '/state/agent/mnt/snapshots/c1',
        metadataPath: '/state/agent/run/backup/c1/metadata.json',
      },
    ]);
  });
  it("that are not a container's are left out; one without our tag is told as such", () => {
    const foreign = { ...document, paths: ['/home'] };
    const untagged = { ...document, tags: undefined };
    expect(parseSnapshots(JSON.stringify([foreign, untagged])).map((r) => r.backupId)).toEqual([null]);
  });
  it('restore what backupArguments put in', () => {
    const args = backupArguments({ directory: '/m/c1', containerId: 'c1', backupId: 'b1' }, metadataFile('/a', 'c1'));
    const paths = args.slice(args.indexOf('--') + 1);
    const [record] = parseSnapshots(JSON.stringify([{ ...document, paths }]));
    expect(record && restoreArguments(record, '/new').at(-1)).toBe(`${document.id}:/m/c1`);
  });
});

describe('locations', () => {
  const root = mkdtempSync(join(tmpdir(), 'berth-location-'));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const check = (path: string, backupRoot = root) => checkLocation({ path }, backupRoot);
  mkdirSync(join(root, 'a'));
  symlinkSync('/', join(root, 'link'));
  writeFileSync(join(root, 'file'), '');

  it.each(['', '/a', '/a/b/c', '/new'])('%s below the root is accepted', (path) => {
    expect(() => check(`${root}${path}`)).not.toThrow();
  });
  it.each(['/..', '/../x', '/a/../../x', '/a/', '//a', '/./a', '-beside', '/link', '/link/etc', '/file/x'])(
    '%s is refused',
    (path) => {
      expect(() => check(`${root}${path}`)).toThrow('cannot be used');
    },
  );
  it('no path gets out', () => {
    const part = fc.constantFrom('..', '.', 'a', 'link', '', 'etc');
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), (parts) => {
        const path = `${root}/${parts.join('/')}`;
        fc.pre(parts.includes('..') || parts[0] === 'link');
        expect(() => check(path)).toThrow();
      }),
    );
  });
  it('a root that is itself a link may be used', () => {
    symlinkSync(join(root, 'a'), `${root}/root-link`);
    expect(() => check(`${root}/root-link/x`, `${root}/root-link`)).not.toThrow();
  });
  it('have fixed names in them', () => {
    const location = { kind: 'directory' as const, id: '', path: '/l' };
    expect(layerPath(location, 'sha256:ab')).toBe('/l/layers/ab.erofs');
    expect(placesOf(location, 't')).toEqual({
      layers: '/l/layers',
      tenants: '/l/tenants',
      repository: '/l/tenants/t',
      keyCopies: '/l/tenants/t.keys',
    });
  });
});

describe('queue', () => {
  it('readers run together, a writer alone and in its turn; failures hold nobody up', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ writer: fc.boolean(), fails: fc.boolean(), turns: fc.nat(3) }), { maxLength: 25 }),
        async (jobs) => {
          const queue = createQueues()('one');
          let readers = 0;
          let writers = 0;
          const started: number[] = [];
          const results = jobs.map(({ writer, fails, turns }, index) =>
            (writer ? queue.exclusive.bind(queue) : queue.shared.bind(queue))(async () => {
              started.push(index);
              if (writer) writers += 1;
              else readers += 1;
              expect(writers === 0 || (writers === 1 && readers === 0)).toBe(true);
              for (let i = 0; i < turns; i += 1) await new Promise((resolve) => setImmediate(resolve));
              if (writer) writers -= 1;
              else readers -= 1;
              if (fails) throw new Error('planned');
              return index;
            }),
          );
          const ended = await Promise.allSettled(results);
          expect(ended.map((r) => r.status === 'rejected' && String(r.reason))).toEqual(
            jobs.map((job) => job.fails && 'Error: planned'),
          );
          expect([...started].sort((a, b) => a - b)).toEqual(jobs.map((_job, index) => index));
          jobs.forEach((job, index) => {
            if (job.writer) expect(started.slice(0, started.indexOf(index)).every((other) => other < index)).toBe(true);
          });
        },
      ),
      { numRuns: 60 },
    );
  });
  it('names are apart', async () => {
    const queueOf = createQueues();
    let release = () => {};
    const held = queueOf('a').exclusive(() => new Promise<void>((resolve) => (release = resolve)));
    expect(await queueOf('b').exclusive(() => Promise.resolve('ran'))).toBe('ran');
    release();
    await held;
  });
});
