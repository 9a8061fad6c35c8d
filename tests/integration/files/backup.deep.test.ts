/** Backups looked into on a real host: what is shown is what a restore would bring, and nothing outside can be reached. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mountsBelow } from '#agent/sys/mountinfo.ts';
import type { FileEntry } from '#lib/contract/files.ts';
import { startTestAgent, type TestAgent } from '../../support/agent.ts';

const base64 = (path: string | Buffer) => Buffer.from(path).toString('base64');
const text = (encoded: string) => Buffer.from(encoded, 'base64').toString();
const odd = Buffer.from([0x66, 0xff, 0x0a, 0x27, 0x20, 0x5b, 0x2a]);
const otherOdd = Buffer.from([0x66, 0xfe, 0x0a, 0x27, 0x20, 0x5b, 0x2a]);

let agent: TestAgent;
let id: string;
let repository: ReturnType<TestAgent['repository']>;
let layers: string[];
type Made = { backupId: string; resticSnapshotId: string };
let one: Made;
let two: Made;

const sh = (script: string) => agent.sh(id, script);
const backUp = async (): Promise<Made> => {
  const [snapshotId, backupId] = [uuidv7(), uuidv7()];
  await agent.act('snapshot.create', { containerId: id, args: { snapshotId } });
  const { args, secrets } = repository;
  const order = { backupId, snapshotId, repository: args };
  const { resticSnapshotId } = await agent.act('backup.upload', { containerId: id, args: order, secrets });
  await agent.act('backup.verify', {
    containerId: id,
    args: { backupId, repository: args, resticSnapshotId, layers },
    secrets,
  });
  await agent.act('snapshot.delete', { containerId: id, args: { snapshotId } });
  return { backupId, resticSnapshotId };
};
const refOf = (made: Made) => ({ ...made, repository: repository.args, layers });
const open = (made: Made) =>
  agent.act('backup.open', { containerId: id, args: refOf(made), secrets: repository.secrets });
const usual = { sort: 'name', descending: false, match: '', limit: 1000, offset: 0 } as const;
const list = async (folder: string, made = one): Promise<FileEntry[]> =>
  (await agent.files(id, 'list', { path: base64(folder), ...usual }, undefined, made.backupId)).answer.items;
const names = async (folder: string, made = one) => (await list(folder, made)).map(({ name }) => text(name)).sort();
const read = async (path: string | Buffer, made = one) =>
  (await agent.files(id, 'read', { path: base64(path) }, undefined, made.backupId)).bytes.toString();
const compare = async (made: Made, other: string, ...paths: string[]) =>
  (await agent.files(id, 'compare', { paths: paths.map(base64), with: other }, undefined, made.backupId)).answer;
const restore = (
  made: Made,
  paths: (string | Buffer)[],
  more: { target?: string; mode?: 'overwrite' | 'missing' } = {},
) =>
  agent.act('files.restore', {
    containerId: id,
    secrets: repository.secrets,
    args: {
      ...refOf(made),
      order: {
        paths: paths.map(base64),
        mode: more.mode ?? 'overwrite',
        label: 'b',
        ...(more.target === undefined ? {} : { target: base64(more.target) }),
      },
    },
  });

beforeAll(async () => {
  agent = await startTestAgent('real');
  const template = await agent.template();
  ({ layers } = template);
  const container = await agent.container(template);
  id = container.containerId;
  repository = agent.repository(container.tenantId);
  await agent.act('container.start', { containerId: id });
  await sh(`mkdir -p /root/d/sub /srv/kept; cd /root/d
    echo one > a; echo secret > s; chmod 600 s; chown 1000:1001 s; ln s hard; ln -s /etc/passwd link; ln -s /root/d/sub far
    mkfifo p; echo deep > sub/deep; touch -d "2024-02-03 04:05:06" a; chmod 4755 a; dd if=/dev/zero of=holes bs=1M count=0 seek=40 2>/dev/null
    echo end >> holes; rm /etc/group; cp -a /etc/passwd /root/passwd; rm -rf /bin/../mnt; mkdir /mnt; echo x > /mnt/own`);
  for (const name of [odd, otherOdd]) {
    const path = Buffer.concat([Buffer.from('/root/d/'), name]);
    await agent.files(id, 'write', { path: base64(path), replace: false, offset: 0 }, chunks(name.toString('latin1')));
  }
  one = await backUp();
  await sh('cd /root/d; echo two > a; rm s hard; echo new > fresh; mkdir more; echo 1 > more/x; echo two > sub/deep');
  two = await backUp();
  await open(one);
  await open(two);
}, 240_000);
afterAll(async () => {
  await agent?.cleanUp();
});

async function* chunks(...all: string[]) {
  for (const chunk of all) yield Buffer.from(chunk, 'latin1');
}

describe('a backup', () => {
  it('shows what the container had: the template below, deletions, owners, links, names of any bytes', async () => {
    expect(await names('/etc')).toContain('passwd');
    expect(await names('/etc')).not.toContain('group');
    expect(await names('/mnt')).toEqual(['own']);
    expect(await names('/')).not.toContain('.berth-trash');
    const all = await list('/root/d');
    expect(all.map(({ name }) => name)).toEqual(expect.arrayContaining([base64(odd), base64(otherOdd)]));
    const of = (name: string) => all.find((entry) => text(entry.name) === name);
    expect(of('s')).toMatchObject({ kind: 'file', uid: 1000, gid: 1001, mode: 0o600, size: 7 });
    expect(of('a')).toMatchObject({ mode: 0o4755, modifiedAt: '2024-02-03T04:05:06.000Z' });
    expect(of('link')).toMatchObject({ kind: 'link', leadsTo: 'file' });
    expect(of('far')).toMatchObject({ kind: 'link', leadsTo: 'folder' });
    expect(of('p')).toMatchObject({ kind: 'pipe' });
    expect(await read('/root/d/s')).toBe('secret\n');
    const strange = { path: base64(Buffer.concat([Buffer.from('/root/d/'), odd])) };
    expect((await agent.files(id, 'read', strange, undefined, one.backupId)).bytes).toEqual(odd);
    await expect(read('/root/d/p')).rejects.toMatchObject({ code: 'invalid' });
    await expect(read('/etc/group')).rejects.toMatchObject({ code: 'not_found' });
    await expect(read('/root/d/s', two)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('comes as an archive that tar reads', async () => {
    const { bytes } = await agent.files(id, 'archive', { path: base64('/root/d') }, undefined, one.backupId);
    const listed = execFileSync('tar', ['-tv', '--numeric-owner'], { input: bytes }).toString();
    expect(listed).toMatch(/-rw------- 1000\/1001 +7 .*d\/(s|hard)\n/);
    expect(listed).toContain('d/link -> /etc/passwd');
  });

  it('leads nowhere else: links end in it, and the host is not there', async () => {
    expect(await read('/root/d/link')).toBe(await sh('cat /root/passwd').then((passwd) => `${passwd}\n`));
    for (const path of ['/proc/self/status', '/root/d/sub/../../../../proc/1/environ', agent.config.agentDir]) {
      await expect(read(path)).rejects.toMatchObject({ code: expect.stringMatching(/not_found|invalid/) });
    }
    const change = { action: 'delete' as const, paths: [base64('/root/d/a')], permanently: true };
    const changing = agent.files(id, 'change', { change }, undefined, one.backupId);
    await expect(changing).rejects.toMatchObject({ code: 'invalid' });
    const writing = agent.files(
      ...([id, 'write', { path: base64('/x'), replace: true, offset: 0 }, chunks('x'), one.backupId] as const),
    );
    await expect(writing).rejects.toMatchObject({ code: 'invalid' });
  });

  it('is told from another and from what is there now, both ways', async () => {
    const forth = await compare(one, two.backupId, '/root');
    expect(forth.whole).toBe(true);
    const paths = (difference: string) =>
      forth.first
        .filter((found) => found.difference === difference)
        .map(({ path }) => text(path))
        .sort();
    expect(paths('here')).toEqual(['/root/d/hard', '/root/d/s']);
    expect(paths('there')).toEqual(['/root/d/fresh', '/root/d/more', '/root/d/more/x']);
    expect(paths('changed')).toEqual(['/root/d/a', '/root/d/sub/deep']);
    expect(forth.folders).toMatchObject([{ name: base64('d'), kind: 'folder', here: { count: 2, bytes: 14 } }]);
    const back = await compare(two, one.backupId, '/root');
    expect([back.here, back.there.count, back.changed.count]).toEqual([forth.there, 2, 2]);
    expect(await compare(two, two.backupId, '/')).toMatchObject({ here: { count: 0 }, there: { count: 0 } });
    const now = await compare(two, 'now', '/');
    expect({ here: now.here.count, whole: now.whole }).toEqual({ here: 0, whole: true });
    expect(now.changed.count + now.there.count).toBeLessThan(20); // the system's own files: a pid, a log
    expect(now.same).toBeGreaterThan(50);
    await expect(compare(one, 'now', '/none')).rejects.toMatchObject({ code: 'not_found' });
  });

  it('gives single files and folders back, with all that belongs to them, and fetches only those', async () => {
    expect(await restore(one, ['/root/d/s'])).toEqual({ restored: 1, same: 0, left: 0 });
    expect(await sh('cat /root/d/s; stat -c "%a %u %g" /root/d/s')).toBe('secret\n600 1000 1001');
    await sh('cd /root/d; chown 0:0 sub; chmod 700 sub');
    const done = await restore(one, ['/root/d']);
    expect(done).toMatchObject({ restored: 3, left: 0 }); // a, hard, sub/deep
    expect(await sh('cd /root/d; cat a sub/deep; stat -c "%a %Y" a; cat fresh; stat -c %a sub')).toBe(
      'one\ndeep\n4755 1706933106\nnew\n755',
    );
    expect(await restore(one, ['/root/d'])).toMatchObject({ restored: 0, left: 0 });
    const target = await restore(one, ['/root/d'], { target: '/root/elsewhere' });
    expect(target).toEqual({ restored: 1, same: 0, left: 0 });
    expect(
      await sh('cd /root/elsewhere/d; stat -c %h s; du -k holes | cut -f1; readlink link; test -e p || echo none'),
    ).toBe(`2\n${await sh('du -k /root/d/holes | cut -f1')}\n/etc/passwd\nnone`);
    // What the container had deleted from its template is not in the backup, wherever it is asked for.
    await expect(restore(one, ['/etc/group'])).rejects.toMatchObject({ code: 'not_found' });
    await expect(restore(one, ['/mnt/none'])).rejects.toMatchObject({ code: 'not_found' });
    await sh('rm -rf /mnt/own');
    expect(await restore(one, ['/mnt', '/etc/passwd'], { mode: 'missing' })).toMatchObject({ restored: 1, same: 1 });
  });

  it('is closed before anything is deleted at its location, and opened again', async () => {
    const third = await backUp();
    await open(third);
    const { args, secrets } = repository;
    const gone = { repository: args, resticSnapshotId: third.resticSnapshotId, backupId: third.backupId };
    await agent.act('backup.delete', { args: gone, secrets });
    expect(left()).toEqual([]);
    await expect(names('/')).rejects.toMatchObject({ code: 'stale' });
    await expect(open(third)).rejects.toMatchObject({ code: 'not_found' });
    await open(one);
    expect(await names('/mnt')).toEqual(['own']);
  });

  it('leaves nothing when the agent is killed or its process dies', async () => {
    await open(one);
    const [pid] = execFileSync('pgrep', ['-f', `mount.*${join(agent.config.agentDir, 'mnt/opened')}`])
      .toString()
      .split('\n');
    process.kill(Number(pid), 'SIGKILL');
    await expect.poll(() => names('/').catch((error: { code: string }) => error.code)).toBe('stale');
    await open(one);
    expect(await names('/mnt')).toEqual(['own']);
    await agent.stop('SIGKILL');
    await agent.start();
    expect(left()).toEqual([]);
    expect(readdirSync(join(agent.config.agentDir, 'mnt/opened'))).toEqual([]);
    await expect(names('/')).rejects.toMatchObject({ code: 'stale' });
    expect(existsSync(join(agent.config.agentDir, 'mnt/backups', one.backupId))).toBe(false);
  });
});

function left(): string[] {
  const all = mountsBelow(`${agent.config.agentDir}/mnt`).map(({ target }) => target);
  return all.filter((target) => /\/(opened|backups)\//.test(target));
}
