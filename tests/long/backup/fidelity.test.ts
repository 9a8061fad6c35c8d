/**
 * One of everything a container may leave in its files, through each way its files go: backup and restore into a container with
 * another id range, after an earlier backup was forgotten and pruned; a clone; a snapshot rolled back to; single paths put back.
 */
import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { immutable, knownGaps, makeDifficultTree, makeRemovable } from '../../integration/backup/fixture.ts';
import { resources, startTestAgent, type TestAgent } from '../../support/agent.ts';
import { differences, type Entry, readTree } from '../../support/tree.ts';

const MiB = 1024 * 1024;
const GiB = 1024 * MiB;
/** restic's mount gives times before 1970 that have a part of a second as a second and more too late (docs/backup.md). */
const knownOfMounts = ['etc/deep/er/three', 'etc/deep/two', 'etc/one'].map(
  (name) => `${name}: mtimeNs -152391232876543211 → -152391231000000001`,
);
const roomy = { ...resources, diskBytes: GiB, inodes: 65_536 };

/** What a container may make itself: no device, no attribute of the host's; and of pipes a folder put back has none. */
function ownOnly(tree: Map<string, Entry>): Map<string, Entry> {
  const own = [...tree].filter(([, { type }]) => !['character', 'block', 'fifo'].includes(type));
  const kept = (xattrs: string) => xattrs.split('\n').filter((line) => !line.startsWith('trusted.'));
  return new Map(own.map(([name, entry]) => [name, { ...entry, xattrs: kept(entry.xattrs).join('\n') }]));
}

describe('everything a container may leave in its files', () => {
  let agent: TestAgent;
  let template: TemplateRef;
  let source: Awaited<ReturnType<TestAgent['container']>>;
  let expected: Map<string, Entry>;
  let repository: ReturnType<TestAgent['repository']>;
  let backup: { backupId: string; resticSnapshotId: string };
  const said: string[] = [];

  beforeAll(async () => {
    agent = await startTestAgent('real', {}, 8192);
    template = await agent.template();
    source = await agent.container(template, { resources: roomy });
    repository = agent.repository(source.tenantId);
    await inFiles(source.volumeId, async (upper) => {
      await makeDifficultTree(join(upper, 'corpus'), { sparseBytes: 5 * GiB });
      expected = readTree(join(upper, 'corpus'));
      fs.mkdirSync(join(upper, 'first'));
      execFileSync('dd', ['if=/dev/urandom', `of=${upper}/first/only`, 'bs=1M', 'count=8', 'status=none']);
    });
  });
  afterAll(async () => {
    if (source !== undefined) await inFiles(source.volumeId, async (upper) => makeRemovable(join(upper, 'corpus')));
    await agent?.cleanUp();
    console.log(`fidelity: ${said.join('; ')}`);
  });

  /** Looks at the private area of a container that does not run. */
  async function inFiles<T>(volumeId: string, work: (upper: string) => Promise<T>): Promise<T> {
    const place = fs.mkdtempSync(join(agent.made.directory, 'look-'));
    execFileSync('mount', ['-o', 'loop', join(agent.config.poolPath, 'volumes', `${volumeId}.img`), place]);
    try {
      return await work(join(place, 'upper'));
    } finally {
      execFileSync('umount', [place]);
      fs.rmdirSync(place);
    }
  }
  const treeIn = (volumeId: string, name = 'corpus') =>
    inFiles(volumeId, async (upper) => ({
      tree: readTree(join(upper, name)),
      flags:
        execFileSync('lsattr', ['-d', join(upper, name, immutable)])
          .toString()
          .split(' ')[0] ?? '',
    }));

  /** Every entry of `wanted` must be as it was, but for `known`; says N of N. */
  function same(way: string, wanted: Map<string, Entry>, found: Map<string, Entry>, known: readonly string[] = []) {
    const wrong = differences(wanted, found);
    const names = new Set(
      wrong.filter((line) => !known.includes(line)).map((line) => line.slice(0, line.lastIndexOf(': '))),
    );
    const of = `${wanted.size - names.size} of ${wanted.size}`;
    said.push(known.length > 0 ? `${way} ${of}, ${known.length} known gaps` : `${way} ${of}`);
    expect(wrong.toSorted()).toEqual(known.toSorted());
  }

  /** Owners, modes, links, sizes (not of folders, where they say what once was in them; no sockets, which no backup keeps) and times as the container itself sees them, one digest of all. */
  const seenInside = (containerId: string, folder = '/corpus') =>
    agent.sh(
      containerId,
      `cd ${folder} && { find . ! -type d ! -type s -exec stat -c '%n|%u|%g|%a|%F|%s|%Y|%t|%T' {} +; find . -type d -exec stat -c '%n|%u|%g|%a|%Y' {} +; } | sort | sha256sum`,
    );

  async function backUp(): Promise<{ backupId: string; resticSnapshotId: string }> {
    const { containerId } = source;
    const [snapshotId, backupId] = [uuidv7(), uuidv7()];
    await agent.act('snapshot.create', { containerId, args: { snapshotId } });
    const args = { backupId, snapshotId, repository: repository.args };
    const uploaded = await agent.act('backup.upload', { containerId, args, secrets: repository.secrets });
    await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
    const what = { backupId, repository: repository.args, resticSnapshotId: uploaded.resticSnapshotId };
    const verify = { containerId, args: { ...what, layers: template.layers }, secrets: repository.secrets };
    await agent.act('backup.verify', verify);
    return { backupId, resticSnapshotId: uploaded.resticSnapshotId };
  }
  async function restoreInto(containerId: string): Promise<string> {
    const volumeId = uuidv7();
    const { resticSnapshotId } = backup;
    const args = { volumeId, repository: repository.args, resticSnapshotId, layers: template.layers };
    await agent.act('volume.restore', { containerId, args, secrets: repository.secrets });
    return volumeId;
  }
  const swapTo = (containerId: string, volumeId: string) =>
    agent.act('container.swap', {
      containerId,
      args: { volumeId, template, carryIdentity: false, oldAt: null, stopTimeoutMs: 0 },
    });

  it('is backed up while it runs; an earlier backup is forgotten and pruned; what is left comes back under other ids', async () => {
    await agent.act('container.start', { containerId: source.containerId });
    const earlier = await backUp();
    await agent.sh(source.containerId, 'rm -r /first; sync');
    backup = await backUp();
    const forget = { repository: repository.args, resticSnapshotId: earlier.resticSnapshotId };
    await agent.act('backup.delete', { args: forget, secrets: repository.secrets });

    const other = await agent.container(template, { resources: roomy, tenantId: source.tenantId });
    expect(other.idBase).not.toBe(source.idBase);
    const restored = await restoreInto(other.containerId);
    await swapTo(other.containerId, restored);
    await agent.act('container.start', { containerId: other.containerId });
    const inside = await seenInside(source.containerId);
    expect(await seenInside(other.containerId)).toBe(inside);
    expect(await agent.sh(other.containerId, 'ls /first 2>&1 || true')).toContain('No such file');
    await agent.act('container.stop', { containerId: other.containerId, args: { timeoutMs: 5_000 } });
    const { tree, flags } = await treeIn(restored);
    same('backup, prune, restore to other ids', expected, tree, knownGaps);
    expect(flags).not.toContain('i');
    await agent.act('container.delete', { containerId: other.containerId });
  });

  it('is in a clone, to the last flag', async () => {
    const [containerId, volumeId] = [uuidv7(), uuidv7()];
    const names = { sourceId: source.containerId, snapshotId: uuidv7(), name: 'copy', hostname: 'copy' };
    const args = { ...names, tenantId: source.tenantId, volumeId, resources: roomy };
    await agent.act('container.clone', { containerId, args });
    const { tree, flags } = await treeIn(volumeId);
    same('clone', expected, tree);
    expect(flags).toContain('i');
    await agent.act('container.delete', { containerId });
  });

  it('is as it was after a roll-back', async () => {
    const { containerId } = source;
    const [snapshotId, copy] = [uuidv7(), uuidv7()];
    await agent.act('snapshot.create', { containerId, args: { snapshotId, keep: true } });
    await agent.sh(
      containerId,
      'rm -rf /corpus/many /corpus/level-0*; echo > /corpus/etc/one; chmod 0 /corpus/etc/setuid',
    );
    await agent.act('volume.copy', { containerId, args: { volumeId: copy, snapshotId } });
    const { retainedVolumeId } = await swapTo(containerId, copy);
    await agent.act('container.stop', { containerId, args: { timeoutMs: 5_000 } });
    source = { ...source, volumeId: copy };
    await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
    const { tree, flags } = await treeIn(copy);
    same('roll-back', expected, tree);
    expect(flags).toContain('i');
    await inFiles(retainedVolumeId, async (upper) => makeRemovable(join(upper, 'corpus')));
    await agent.act('volume.delete', { containerId, args: { volumeId: retainedVolumeId } });
  });

  it('comes back path by path, but for what belongs to the host', async () => {
    const { containerId } = source;
    await agent.act('container.start', { containerId });
    const paths = [Buffer.from('/corpus').toString('base64')];
    const order = { paths, target: Buffer.from('/back').toString('base64'), mode: 'missing' as const, label: 'b' };
    const args = { ...backup, repository: repository.args, layers: template.layers, order };
    await agent.act('files.restore', { containerId, args, secrets: repository.secrets });
    await agent.act('container.stop', { containerId, args: { timeoutMs: 5_000 } });
    const { tree } = await treeIn(source.volumeId, 'back/corpus');
    same('single paths', ownOnly(expected), ownOnly(tree), knownOfMounts);
  });
});
