/** A container out as one file and in again: what comes back is what went out, and lives. Over a real agent. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { resources, startTestAgent, type TestAgent } from '../../support/agent.ts';
import { differences, type Entry, readTree } from '../../support/tree.ts';
import { exportContainer, fetchExport, importArchive, upload } from './place.ts';

let agent: TestAgent;
let template: TemplateRef;
beforeAll(async () => {
  agent = await startTestAgent('real');
  template = await agent.template();
});
afterAll(async () => {
  await agent?.cleanUp();
});

const rootOf = (id: string) => join(agent.config.agentDir, 'mnt/roots', id, 'root');
/** As the container's root, for nobody else may make files in its tree. */
const fill = (root: string, idBase: number) => {
  const wanted = '+chown,+dac_override,+dac_read_search,+fowner,+fsetid,+setfcap,+mknod';
  const caps = ['--inh-caps', wanted, '--ambient-caps', wanted];
  const who = ['--reuid', String(idBase), '--regid', String(idBase), '--clear-groups', ...caps];
  const script = new URL('./fill.ts', import.meta.url).pathname;
  execFileSync('setpriv', [...who, '--', process.execPath, script, root, String(idBase)], { stdio: 'inherit' });
};

/** As the container sees it: owners, and ids within attributes, less its range. */
function seen(tree: Map<string, Entry>, idBase: number): Map<string, Entry> {
  const own = (id: number) => (id >= idBase && id < idBase + 65_536 ? id - idBase : id);
  const inside = (line: string) => {
    const [name = '', value = ''] = line.split('=0x');
    // Its revision and the root it is for depend on who looks.
    if (name === 'security.capability') return `${name}=${value.slice(0, 6)}${value.slice(8, 40)}`;
    if (!name.startsWith('system.posix_acl')) return line;
    const bytes = Buffer.from(value, 'hex');
    for (let at = 4; at + 8 <= bytes.length; at += 8) bytes.writeUInt32LE(own(bytes.readUInt32LE(at + 4)), at + 4);
    return `${name}=${bytes.toString('hex')}`;
  };
  return new Map(
    [...tree].map(([name, one]) => {
      const xattrs = one.xattrs
        .split('\n')
        .filter((line) => !line.startsWith('trusted.'))
        .map(inside)
        .join('\n');
      return [name, { ...one, uid: own(one.uid), gid: own(one.gid), xattrs }];
    }),
  );
}

/** The root of a stopped container is mounted for whoever looks into it, for some seconds. */
async function looked(id: string, idBase: number): Promise<Map<string, Entry>> {
  const order = { sort: 'name', descending: false, match: '', limit: 1, offset: 0 } as const;
  await agent.files(id, 'list', { path: Buffer.from('/').toString('base64'), ...order });
  return seen(readTree(rootOf(id)), idBase);
}

it('comes back identical: owners, modes, times in nanoseconds, links, attributes, names of any bytes, holes', async () => {
  const source = await agent.container(template, { hostname: 'goes-out' });
  const { containerId, idBase } = source;
  await agent.act('container.start', { containerId });
  await agent.sh(containerId, 'rm /etc/motd; echo changed > /etc/issue; rm -rf /usr/share; mkdir /usr/share; sync');
  fill(rootOf(containerId), idBase);
  await agent.sh(containerId, 'sync');
  await agent.act('container.stop', { containerId, args: { timeoutMs: 20_000 } });
  const before = await looked(containerId, idBase);
  await agent.act('container.start', { containerId });

  const made = await exportContainer(agent, containerId);
  expect(made).toMatchObject({ devices: 0 });
  expect(made.contentBytes).toBeGreaterThan(5 * 1024 ** 3);
  // Holes are told, not sent.
  expect(made.bytes).toBeLessThan(8 * 1024 ** 2);
  const file = await fetchExport(agent, containerId, made.exportId);
  expect(file.length).toBe(made.bytes);
  const rest = await fetchExport(agent, containerId, made.exportId, 1000);
  expect(rest.equals(file.subarray(1000))).toBe(true);
  expect(zstdDecompressSync(file).subarray(0, 17).toString()).toMatch(/^pax|^berth-export/);
  await agent.act('container.kill', { containerId });

  const uploadId = await upload(agent, file, 1 << 20);
  const back = await importArchive(agent, uploadId);
  await agent.act('archive.forget', { containerId: back.containerId, args: { archiveId: uploadId } });
  expect(back.template).toMatchObject({ name: 'imported', init: 'busybox' });
  expect(back.template.layers).toHaveLength(1);
  expect(back.report).toMatchObject({
    ...{ compression: 'zstd', init: 'busybox', devices: 0, attributes: 0, replaced: 0 },
    manifest: { format: 1, name: 'web-1', hostname: 'goes-out', template: { name: 'tiny' } },
  });
  expect(back.idBase).not.toBe(idBase);
  const after = await looked(back.containerId, back.idBase);
  // What the running system changed between is its own: its log, and when it was booted.
  const lasting = (tree: Map<string, Entry>) =>
    new Map([...tree].filter(([name]) => !/^(run|tmp|var\/log|var\/run)(\/|$)/.test(name)));
  expect(differences(lasting(before), lasting(after))).toEqual([]);
  expect(lasting(after).size).toBeGreaterThan(50);
  const blocks = Number(execFileSync('stat', ['-c', '%b', join(rootOf(back.containerId), 'srv/sparse')]).toString());
  expect(blocks * 512).toBeLessThan(1 << 20);

  // It lives, and is a container as any other.
  await agent.act('container.start', { containerId: back.containerId });
  expect(await agent.sh(back.containerId, 'cat /etc/issue')).toBe('changed');
  await expect(agent.sh(back.containerId, 'ls /etc/motd')).rejects.toThrow(/No such file/);
  expect((await agent.act('container.stop', { containerId: back.containerId, args: { timeoutMs: 20_000 } })).how).toBe(
    'clean',
  );

  // A second time: an import exported again is the same.
  const again = await exportContainer(agent, back.containerId);
  const hash = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  const second = await fetchExport(agent, back.containerId, again.exportId);
  expect(hash(second)).not.toBe(hash(file)); // other times, other logs
  const files = join(agent.config.poolPath, 'transfers');
  expect(readdirSync(files).sort()).toEqual([again.exportId, made.exportId].sort());
  await agent.act('container.delete', { containerId });
  expect(readdirSync(files)).toEqual([again.exportId]);
  await agent.act('container.delete', { containerId: back.containerId });
  expect(readdirSync(files)).toEqual([]);
  expect((await agent.host()).pool.reservedBytes).toBe(0);
}, 300_000);

it('a plain root file system, by whichever tar, becomes a container that runs, is backed up, restored and reinstalled', async () => {
  const source = await agent.container(template);
  await agent.act('container.start', { containerId: source.containerId });
  const tar = execFileSync('tar', ['--numeric-owner', '--xattrs', '-C', rootOf(source.containerId), '-cf', '-', '.'], {
    maxBuffer: 1 << 30,
  });
  await agent.act('container.delete', { containerId: source.containerId });
  // Owners on disk are the host's ids here: as from a tool that does not know of ranges.
  const foreign = importArchive(agent, await upload(agent, tar));
  await expect(foreign).rejects.toMatchObject({ code: 'invalid', message: expect.stringMatching(/belongs to \d+/) });
  const args = ['--owner=0', '--group=0', '--numeric-owner', '-C'];
  const plain = await agent.container(template);
  await agent.act('container.start', { containerId: plain.containerId });
  const own = execFileSync('tar', [...args, rootOf(plain.containerId), '-czf', '-', '.'], { maxBuffer: 1 << 30 });
  await agent.act('container.delete', { containerId: plain.containerId });
  const { containerId, tenantId, template: imported } = await importArchive(agent, await upload(agent, own));
  await agent.act('container.start', { containerId });
  await agent.sh(containerId, 'echo kept > /root/note');

  const { args: repository, secrets } = agent.repository(tenantId);
  const ids = { backupId: uuidv7(), snapshotId: uuidv7() };
  await agent.act('snapshot.create', { containerId, args: { snapshotId: ids.snapshotId } });
  const { resticSnapshotId } = await agent.act('backup.upload', { containerId, args: { ...ids, repository }, secrets });
  const { layers } = imported;
  const verify = { backupId: ids.backupId, repository, resticSnapshotId, layers };
  expect(await agent.act('backup.verify', { containerId, args: verify, secrets })).toMatchObject({ complete: true });
  await agent.sh(containerId, 'echo lost > /root/note');
  const restored = uuidv7();
  await agent.act('volume.restore', {
    containerId,
    args: { volumeId: restored, repository, resticSnapshotId, layers },
    secrets,
  });
  const swap = { carryIdentity: false, oldAt: null, stopTimeoutMs: 20_000 };
  await agent.act('container.swap', { containerId, args: { ...swap, volumeId: restored, template: imported } });
  expect(await agent.sh(containerId, 'cat /root/note')).toBe('kept');

  const fresh = uuidv7();
  await agent.act('volume.create', { containerId, args: { volumeId: fresh } });
  await agent.act('container.swap', { containerId, args: { ...swap, carryIdentity: true, volumeId: fresh, template } });
  await expect(agent.sh(containerId, 'cat /root/note')).rejects.toThrow(/No such file/);
  await agent.act('container.delete', { containerId });
  expect(resources.diskBytes).toBeGreaterThan(0);
}, 300_000);
