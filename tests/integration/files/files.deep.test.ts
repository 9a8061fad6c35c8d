/** Files of real containers: what the API promises of them, and that nothing outside can be reached. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ActionArgsInput } from '#lib/contract/agent.ts';
import type { FileEdit, FileSort } from '#lib/contract/files.ts';
import { startTestAgent, type TestAgent } from '../../support/agent.ts';
import { full } from '../../support/levels.ts';

const base64 = (path: string | Buffer) => Buffer.from(path).toString('base64');
const text = (encoded: string) => Buffer.from(encoded, 'base64').toString();

let agent: TestAgent;
let id: string;
beforeAll(async () => {
  agent = await startTestAgent('real');
  id = (await agent.container(await agent.template())).containerId;
  await agent.act('container.start', { containerId: id });
});
afterAll(async () => {
  await agent?.cleanUp();
});

async function* bytes(...chunks: (string | Buffer)[]) {
  for (const chunk of chunks) yield Buffer.from(chunk);
}
const list = async (
  folder: string,
  change: { sort?: FileSort; limit?: number; offset?: number; match?: string } = {},
) => {
  const usual = { sort: 'name', descending: false, match: '', limit: 1000, offset: 0 } as const;
  return (await agent.files(id, 'list', { path: base64(folder), ...usual, ...change })).answer;
};
const entry = async (path: string) => {
  const { items } = await list(path.slice(0, path.lastIndexOf('/')) || '/');
  return items.find((item) => `/${text(item.name)}` === path.slice(path.lastIndexOf('/')));
};
const write = (path: string, content: AsyncIterable<Uint8Array>, change: Record<string, unknown> = {}) =>
  agent.files(id, 'write', { path: base64(path), replace: true, offset: 0, ...change }, content);
const change = (what: FileEdit) => agent.files(id, 'change', { change: what });
const read = async (path: string) => (await agent.files(id, 'read', { path: base64(path) })).bytes;
const sh = (script: string) => agent.sh(id, script);

describe('a file', () => {
  it('is told with owner, mode, size, time and where a link leads', async () => {
    await sh(
      'mkdir /root/told; echo 12345 > /root/told/a; chmod 4751 /root/told/a; ln -s a /root/told/l; mkfifo /root/told/p; ln -s nowhere /root/told/dead; chown 1:2 /root/told/a; touch -d "2024-02-03 04:05:06" /root/told/a',
    );
    expect(await entry('/root/told/a')).toMatchObject({
      ...{ kind: 'file', size: 6, uid: 1, gid: 2, modifiedAt: '2024-02-03T04:05:06.000Z' },
    });
    await sh('chmod 4751 /root/told/a');
    expect((await entry('/root/told/a'))?.mode).toBe(0o4751);
    const link = await entry('/root/told/l');
    expect(link).toMatchObject({ kind: 'link', leadsTo: 'file' });
    expect(text(link?.target ?? '')).toBe('a');
    expect(await entry('/root/told/dead')).toMatchObject({ kind: 'link', leadsTo: null });
    expect(await entry('/root/told/p')).toMatchObject({ kind: 'pipe' });
    expect(await entry('/root/told')).toMatchObject({ kind: 'folder', user: 'root', group: 'root' });
    await expect(read('/root/told/p')).rejects.toMatchObject({ code: 'invalid' });
  });

  it('has a name of any bytes', async () => {
    const name = Buffer.from([0x66, 0xff, 0x0a, 0x27, 0x20, 0x2d]);
    const path = Buffer.concat([Buffer.from('/root/'), name]);
    await agent.files(id, 'write', { path: base64(path), replace: false, offset: 0 }, bytes('odd'));
    const { items } = await list('/root');
    expect(items.map((item) => item.name)).toContain(base64(name));
    expect((await agent.files(id, 'read', { path: base64(path) })).bytes.toString()).toBe('odd');
    await change({ action: 'copy', path: base64(path), to: base64(Buffer.concat([path, Buffer.from([0xfe])])) });
    await change({ action: 'delete', paths: [base64(path)], permanently: true });
    expect(await sh('ls /root | wc -l')).not.toBe('0');
  });

  it('is written whole or not at all, keeps owner and mode, and follows links as the container does', async () => {
    await sh(
      'mkdir /root/w; echo old > /root/w/f; chmod 640 /root/w/f; chown 7:8 /root/w/f; ln -s /root/w/f /root/w/l',
    );
    await write('/root/w/l', bytes('new'));
    expect(await sh('cat /root/w/f; stat -c "%a %u %g" /root/w/f; readlink /root/w/l')).toBe('new640 7 8\n/root/w/f');
    const cut = async function* () {
      yield Buffer.from('half');
      await new Promise((resolve) => setTimeout(resolve, 300));
      throw new Error('the sender is gone');
    };
    await expect(write('/root/w/f', cut())).rejects.toThrow();
    await expect.poll(() => sh('ls -A /root/w | sort | tr "\\n" " "')).toBe('f l ');
    expect(await sh('cat /root/w/f')).toBe('new');
    await expect(write('/root/w/f', bytes('x'), { replace: false })).rejects.toMatchObject({ code: 'conflict' });
    const before = (await entry('/root/w/f'))?.modifiedAt;
    await write('/root/w/f', bytes('mine'), { unchangedSince: before });
    await sh('sleep 0.01; echo theirs > /root/w/f');
    await expect(write('/root/w/f', bytes('late'), { unchangedSince: before })).rejects.toMatchObject({
      code: 'conflict',
    });
    expect(await sh('cat /root/w/f')).toBe('theirs');
  });

  it('arrives in pieces, and goes on where it was cut', async () => {
    const upload = uuidv7();
    const piece = (offset: number, content: string) =>
      write('/root/big', bytes(content), { upload, size: 10, offset }).then(({ answer }) => answer);
    expect(await piece(0, '01234')).toEqual({ received: 5, entry: null });
    expect(await piece(7, '789')).toEqual({ received: 5, entry: null });
    expect(await piece(5, '56789')).toMatchObject({ received: 10, entry: { size: 10 } });
    expect(await sh('cat /root/big')).toBe('0123456789');
  });

  it('cannot take more than the quota, and leaves nothing of what did not fit', async () => {
    const much = async function* () {
      for (let i = 0; i < 400; i += 1) yield Buffer.alloc(1024 * 1024, i);
    };
    // What a helper left that was killed meanwhile stays for a while: that is of the tests before.
    const before = await sh('ls /.berth-trash/unfinished 2>/dev/null; true');
    await expect(write('/root/much', much())).rejects.toMatchObject({ code: 'no_space' });
    expect(await sh('ls /root/much 2>/dev/null; ls /.berth-trash/unfinished')).toBe(before);
  });
});

describe('a change', () => {
  it('moves, copies and deletes folders of the template too, and puts them back with everything', async () => {
    const facts =
      'cd /etc; find . ! -name resolv.conf | sort | xargs stat -c "%n %a %u %g %Y %F" | md5sum; find . -type f ! -name resolv.conf | sort | xargs md5sum | md5sum';
    const before = await sh(facts);
    await change({ action: 'copy', path: base64('/etc'), to: base64('/root/etc-copy') });
    expect(await sh(facts.replace('cd /etc', 'cd /root/etc-copy'))).toBe(before);
    await change({ action: 'delete', paths: [base64('/etc')], permanently: false });
    expect(await sh('ls -d /etc 2>/dev/null || echo gone')).toBe('gone');
    const { items } = (await agent.files(id, 'trash', {})).answer;
    const item = items.find(({ path }) => text(path) === '/etc');
    expect(item).toMatchObject({ kind: 'folder' });
    expect(item?.bytes).toBeGreaterThan(0);
    await change({ action: 'put-back', ids: [item?.id ?? ''] });
    expect(await sh(facts)).toBe(before);
    expect((await list('/')).items.map(({ name }) => text(name))).not.toContain('.berth-trash');
  });

  it('is refused where it would destroy', async () => {
    await sh('mkdir -p /root/r/sub; echo 1 > /root/r/a; echo 2 > /root/r/b');
    const move = (path: string, to: string) => change({ action: 'move', path: base64(path), to: base64(to) });
    await expect(move('/root/r/a', '/root/r/b')).rejects.toMatchObject({ code: 'conflict' });
    await expect(move('/root/r', '/root/r/sub/r')).rejects.toMatchObject({ code: 'invalid' });
    await expect(move('/root/r/a', '/root/none/a')).rejects.toMatchObject({ code: 'not_found' });
    await expect(change({ action: 'delete', paths: [base64('/')], permanently: true })).rejects.toMatchObject({
      code: 'invalid',
    });
    const parent = change({ action: 'delete', paths: [base64('/root/r/../../x')], permanently: true });
    await expect(parent).rejects.toMatchObject({ code: 'invalid' });
    expect(await sh('cat /root/r/a /root/r/b')).toBe('1\n2');
  });

  it('sets owners by name and permissions, through a folder without following its links', async () => {
    await sh('mkdir -p /root/m/d; echo > /root/m/d/f; chmod 600 /root/m/d/f; ln -s /etc/passwd /root/m/d/l');
    const paths = [base64('/root/m')];
    await change({ action: 'attributes', paths, mode: 0o755, user: 'nobody', recursive: true });
    expect(await sh('stat -c "%a %U" /root/m /root/m/d /root/m/d/f /etc/passwd; stat -c %U /root/m/d/l')).toBe(
      '755 nobody\n755 nobody\n644 nobody\n644 root\nnobody',
    );
    await expect(change({ action: 'attributes', paths, user: 'no-such', recursive: false })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});

describe('a folder', () => {
  it('comes as an archive that tar reads, with everything in it', async () => {
    await sh(
      'mkdir -p /root/t/d; echo one > /root/t/d/f; ln /root/t/d/f /root/t/hard; ln -s d/f /root/t/soft; chmod 2750 /root/t/d; chown 5:6 /root/t/d/f; head -c 300000 /dev/urandom > /root/t/big; mkfifo /root/t/p',
    );
    const long = `/root/t/${'n'.repeat(200)}`;
    await write(long, bytes('long'));
    const { bytes: tar } = await agent.files(id, 'archive', { path: base64('/root/t') });
    const place = mkdtempSync('/tmp/berth-tar-');
    try {
      writeFileSync(join(place, 'a.tar'), tar);
      execFileSync('tar', ['-xpf', 'a.tar', '--numeric-owner'], { cwd: place, stdio: 'pipe' });
      const facts =
        'find . | sort | xargs stat -c "%n %a %u %g %F %h" | grep -v a.tar; md5sum t/big t/d/f; readlink t/soft';
      const here = execFileSync('/bin/sh', ['-c', facts.replace('find .', 'find t')], { cwd: place, encoding: 'utf8' });
      expect(here.trim()).toBe(await sh(`cd /root; ${facts.replace('find .', 'find t')}`));
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  });

  it('of 100,000 entries is shown page by page in good time', async () => {
    const many = await agent.container(await agent.template(), {
      resources: {
        cpuCores: 2,
        cpuShares: 1024,
        memoryBytes: 512 * 1024 ** 2,
        pids: 200,
        diskBytes: 1024 ** 3,
        inodes: 200_000,
      },
    });
    await agent.act('container.start', { containerId: many.containerId });
    const [before, was] = [id, id];
    id = many.containerId;
    try {
      const made = await agent.exec(
        id,
        [
          '/bin/sh',
          '-c',
          'mkdir /root/many; cd /root/many; i=100001; while [ $i -lt 200001 ]; do : > "file $i"; i=$((i + 1)); done',
        ],
        { timeoutMs: 110_000 },
      );
      expect(made.exitCode).toBe(0);
      const timed = async (change: Parameters<typeof list>[1]) => {
        const start = performance.now();
        const page = await list('/root/many', change);
        return { page, ms: Math.round(performance.now() - start) };
      };
      const first = await timed({ limit: 200 });
      expect([first.page.total, first.page.items.length]).toEqual([100_000, 200]);
      expect(text(first.page.items[0]?.name ?? '')).toBe('file 100001');
      const last = await timed({ limit: 200, offset: 99_900 });
      expect(last.page.items.map(({ name }) => text(name)).at(-1)).toBe('file 200000');
      const bySize = await timed({ limit: 200, sort: 'size' });
      const matched = await timed({ match: '77777' });
      expect(matched.page.items).toHaveLength(1);
      process.stdout.write(
        `100,000 entries: by name ${first.ms} ms, last page ${last.ms} ms, by size ${bySize.ms} ms, match ${matched.ms} ms\n`,
      );
      for (const { ms } of [first, last, bySize, matched]) expect(ms).toBeLessThan(30_000);
    } finally {
      id = before;
      expect(was).toBe(id);
    }
  });
});

describe('what was changed', () => {
  const changes = async (path: string, system = false) =>
    (await agent.files(id, 'changes', { path: base64(path), system, recover: false })).answer.items.map((item) => ({
      ...item,
      name: text(item.name),
    }));
  const differs = async (path: string) =>
    Object.fromEntries((await changes(path)).map(({ name, difference, count }) => [name, difference ?? count]));

  it('is told by folder, and comes back as the template has it; the changed version lies in the trash', async () => {
    const fresh = (await agent.container(await agent.template())).containerId;
    await agent.act('container.start', { containerId: fresh });
    const before = id;
    id = fresh;
    try {
      const facts =
        'stat -c "%n %s %a %u %g %Y" /etc/inittab /etc/shells /etc/init.d/rcS /etc/init.d/rcK; md5sum /etc/inittab /etc/shells /etc/init.d/*';
      const was = await sh(facts);
      await sh(
        'echo broken >> /etc/inittab; rm /etc/shells; chmod 600 /etc/init.d/rcS; echo new > /etc/mine; rm -rf /etc/rc.d; mkdir /etc/rc.d; head -c 500000 /dev/zero > /root/data; touch -r /etc/init.d/rcK /etc/init.d/rcK',
      );
      expect(await differs('/etc')).toMatchObject({
        ...{ inittab: 'changed', shells: 'deleted', mine: 'new', 'init.d': 1 },
      });
      expect(await differs('/etc/init.d')).toEqual({ rcS: 'changed' });
      expect((await changes('/'))[0]).toMatchObject({ name: 'root', difference: null });
      const system = (await changes('/', true)).map(({ name }) => name);
      expect(system).toEqual(expect.arrayContaining(['/etc/inittab', '/etc/shells', '/etc/init.d/rcS']));
      expect(
        system.filter((name) => !name.startsWith('/etc/') || name === '/etc/mine' || name === '/etc/hostname'),
      ).toEqual([]);
      const recover = (args: ActionArgsInput<'files.recover'>) => agent.act('files.recover', { containerId: id, args });
      await recover({ paths: [base64('/etc/inittab')] });
      expect(await differs('/etc')).not.toHaveProperty('inittab');
      const { items } = (await agent.files(id, 'trash', {})).answer;
      expect(items.map(({ path }) => text(path))).toEqual(['/etc/inittab']);
      const told: (number | null)[] = [];
      const watcher = { onProgress: ({ percent }: { percent: number | null }) => void told.push(percent) };
      const { changed, at = '' } = await agent.act('files.recover', {
        containerId: id,
        args: { allSystemFiles: true },
        watcher,
      });
      expect(changed).toBe(2);
      expect(told.at(-1)).toBe(99);
      // What came back was not written since; what somebody writes then was.
      const since = async () => (await agent.files(id, 'written', { since: at })).answer;
      expect((await since()).folders.filter(({ path }) => text(path).startsWith('/etc'))).toEqual([]);
      await sh('mkdir /root/since; echo 1 > /root/since/one');
      const writes = (await since()).folders.find(({ path }) => text(path) === '/root/since');
      expect(writes?.written).toEqual({ count: 1, bytes: 2 });
      expect(await sh(facts)).toBe(was);
      expect(await changes('/', true)).toEqual([]);
      expect(await sh('cat /etc/mine; stat -c %s /root/data')).toBe('new\n500000');
      expect(await recover({ allSystemFiles: true })).toMatchObject({ changed: 0 });
      const unknown = recover({ paths: [base64('/root/data')] });
      await expect(unknown).rejects.toMatchObject({ code: 'not_found' });
    } finally {
      id = before;
    }
  });
});

describe('nothing outside', () => {
  it('can be reached by links, whatever they say', async () => {
    writeFileSync(join(agent.made.directory, 'canary'), 'outside');
    const canary = join(agent.made.directory, 'canary');
    await sh(
      `mkdir /root/esc; cd /root/esc; ln -s ${canary} abs; ln -s ../../../../../../../../..${canary} rel; ln -s /proc/1/root proc; ln -s / top; ln -s /proc/self/fd/0 fd`,
    );
    for (const name of ['abs', 'rel', `proc${canary}`, `top${canary}`, 'fd', `fd/..${canary}`]) {
      await expect(read(`/root/esc/${name}`)).rejects.toMatchObject({ code: /not_found|invalid/ });
    }
    await expect(write('/root/esc/abs', bytes('x'))).rejects.toMatchObject({ code: 'conflict' });
    await expect(write(`/root/esc/top${canary}`, bytes('x'))).rejects.toMatchObject({ code: 'not_found' });
    expect(execFileSync('cat', [canary], { encoding: 'utf8' })).toBe('outside');
  });

  it('is reached while somebody inside exchanges folders and links as fast as they can', async () => {
    const place = agent.made.directory;
    writeFileSync(join(place, 'secret'), 'outside');
    // The host's path exists inside too, and says so: what is read or written there is the container's own.
    await sh(
      `mkdir -p ${place} /root/race/real; echo inside > ${place}/secret; echo inside > /root/race/real/secret; cd /root/race; cp -r real swap; ln -s ${place} l1; ln -s ../../../../../../../..${place} l2; ln -s /proc/1/root${place} l3`,
    );
    await sh(
      'cd /root/race; (while [ ! -e stop ]; do for l in l1 l2 l3; do mv -T swap s1; mv -T $l swap; mv -T swap $l; mv -T s1 swap; done; done) </dev/null >/dev/null 2>&1 & echo',
    );
    let [tried, escapes, reached] = [0, 0, 0];
    const began = Date.now();
    const enough = () => Date.now() - began > (reached > 0 ? (full ? 25_000 : 6_000) : 60_000);
    const attempt = async (round: number) => {
      tried += 1;
      const path = '/root/race/swap/secret';
      const what = round % 4;
      if (what === 0) {
        const content = (await read(path)).toString();
        reached += 1;
        if (content !== 'inside\n' && !content.startsWith('written')) escapes += 1;
      } else if (what === 1) await write(path, bytes(`written ${round}\n`));
      else if (what === 2) {
        const { items } = await list('/root/race/swap');
        if (items.some(({ name }) => ['pki', 'pool', 'agent.pid'].includes(text(name)))) escapes += 1;
      } else await change({ action: 'attributes', paths: [base64(path)], mode: 0o666, recursive: true });
    };
    for (let round = 0; !enough(); round += 3) {
      await Promise.allSettled([attempt(round), attempt(round + 1), attempt(round + 2)]);
    }
    await sh('touch /root/race/stop');
    expect(execFileSync('cat', [join(place, 'secret')], { encoding: 'utf8' })).toBe('outside');
    process.stdout.write(`${tried} tries against a renamer, ${reached} read something, ${escapes} escapes\n`);
    expect(reached).toBeGreaterThan(0);
    expect(escapes).toBe(0);
  });
});

describe('a container that is looked into', () => {
  it('starts, stops and goes all the same; nothing of the helpers is left', async () => {
    const { containerId } = await agent.container(await agent.template());
    const before = id;
    id = containerId;
    try {
      expect((await list('/')).items.map(({ name }) => text(name))).toContain('etc');
      const slow = (async function* () {
        for (let i = 0; i < 100; i += 1) {
          yield Buffer.alloc(1000);
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      })();
      const reader = write('/root/slow', slow).then(
        () => 'written',
        () => 'cut off',
      );
      await new Promise((resolve) => setTimeout(resolve, 1500));
      await agent.act('container.start', { containerId });
      await agent.act('container.stop', { containerId, args: { timeoutMs: 0 } });
      expect(await reader).toBe('cut off');
      await agent.act('container.delete', { containerId });
      const helpers = execFileSync(
        '/bin/sh',
        ['-c', `ps -eo ppid,args | awk '$1 == ${agent.pid}' | grep -c files-helper || true`],
        { encoding: 'utf8' },
      );
      expect(helpers.trim()).toBe('0');
    } finally {
      id = before;
    }
  });
});
