import { describe, expect, it } from 'vitest';
import { onlyStoredAgain, parseDamage, parsePlaces } from '#agent/backup/integrity-plan.ts';

const a = 'a'.repeat(64);
const b = 'b'.repeat(64);
const none = { packs: [], lost: [], indexes: [], blobs: [], trees: [], snapshots: [] };

describe('what restic says of damage', () => {
  it('is nothing when it says nothing', () => {
    expect(parseDamage('load indexes\ncheck all packs\nno errors were found\n')).toEqual(none);
  });

  it.each([
    [
      `pack ${a} contains 2 errors: [blob ${b}: decrypting blob <data/46d6e16f> from pack ${a} failed: …]`,
      { packs: [a] },
    ],
    [`pack ${a}: unexpected file size: got 1, expected 2`, { packs: [a] }],
    [`  decrypting blob <tree/4fd87b2d> from pack ${a} failed: ciphertext verification failed`, { packs: [a] }],
    [`pack ${a}: does not exist`, { lost: [a] }],
    [`error: error loading index ${a}: LoadRaw(<index/50a188553f>): invalid data returned`, { indexes: [a] }],
    [`  tree ${a}: file "big" blob ${b} not found in index`, { blobs: [b] }],
    [`  id ${a} not found in repository`, { trees: [a] }],
    [
      'error: failed to load snapshot 3c83c48c: LoadRaw(<snapshot/3c83c48c6b>): invalid data returned',
      { snapshots: ['3c83c48c'] },
    ],
  ])('%s', (line, expected) => {
    expect(parseDamage(`check all packs\n${line}\n${line}\n`)).toEqual({ ...none, ...expected });
  });

  it('names places as the container calls them, also where the list is interrupted by remarks', () => {
    const place = (type: string, path: string) =>
      JSON.stringify({ object_type: type, id: a, path, parent_tree: b, snapshot: b, time: 'x' });
    const base = '/var/lib/berth/mnt/snapshots/c1';
    const text = `[${place('blob', `${base}/upper/srv/{"}\\ a`)}Unable to load tree ${a}\n ... which belongs to snapshot ${b}\n,${place('tree', `${base}/upper/etc`)},${place('blob', '/var/run/backup/c1/metadata.json')}]`;
    expect(parsePlaces(text)).toEqual([
      { snapshotId: b, path: '/srv/{"}\\ a' },
      { snapshotId: b, path: '/etc/' },
      { snapshotId: b, path: 'metadata.json' },
    ]);
    expect(parsePlaces('')).toEqual([]);
  });
});

describe('a backup after damage', () => {
  const error = (message: string) => JSON.stringify({ message_type: 'error', error: { message }, during: 'archival' });
  const end = JSON.stringify({
    message_type: 'exit_error',
    code: 3,
    message: 'Warning: at least one source file could not be read',
  });
  const again = error('/x: parts of x not found in the repository index; storing the file again');

  it('is whole when all it complains of is that it stored something again', () => {
    expect(onlyStoredAgain(`${again}\n${end}\n`)).toBe(true);
    expect(
      onlyStoredAgain(
        `${error(`/etc: tree ${a} is not known; the repository could be damaged, run \`repair index\` to try to repair it`)}\n${end}`,
      ),
    ).toBe(true);
  });

  it('is not when anything else was said', () => {
    expect(onlyStoredAgain(`${again}\n${error('open /x: permission denied')}\n${end}`)).toBe(false);
    expect(onlyStoredAgain(`${again}\n{"message_type":"err`)).toBe(false);
    expect(onlyStoredAgain('')).toBe(false);
    expect(onlyStoredAgain(end)).toBe(false);
  });
});
