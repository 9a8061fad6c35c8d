import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRoots } from '#agent/rootfs/apply.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { inRoot, shellInRoot } from '../../support/in-root.ts';
import { addRoot, makeStorage, type Storage } from '../../support/make-root.ts';

const MiB = 1024 * 1024;
const secondBase = 1_879_048_192 + 65_536;
let storage: Storage;
let template: TemplateRef;

beforeAll(async () => {
  storage = await makeStorage();
  ({ template } = await storage.templates.build('tiny', storage.layers, () => {}));
});
afterAll(() => storage?.cleanUp());

function idsOnDisk(directory: string): number[] {
  const out = execFileSync('find', [directory, '-printf', '%U\n%G\n'], { encoding: 'utf8' });
  return [...new Set(out.trim().split('\n').map(Number))].sort((a, b) => a - b);
}

describe('a root file system', () => {
  it('belongs to the container inside and leaves only container ids on disk', async () => {
    const it = await addRoot(storage, template);
    expect(statSync(`${it.root}/etc`).uid).toBe(it.idBase);
    await shellInRoot(
      it.root,
      it.idBase,
      `printf 'one:x:1001:1001::/home:/bin/sh\\n' >> /etc/passwd   # copy-up
       chown 1001:1001 /srv                                         # copy-up of a directory
       rm /etc/shells; rm -r /var/spool; mkdir /var/spool           # whiteout, opaque directory
       mkdir -p /home/a/b; touch /home/a/b/file; chown -R 1002:1003 /home/a
       touch /home/last; chown 65535:65535 /home/last
       busybox su one -c 'mkdir -p /tmp/by-one/x && touch /tmp/by-one/x/y && rm -r /tmp/by-one/x'`,
    );
    const volume = `${storage.config.agentDir}/mnt/volumes/${it.volumeId}`;
    const ids = idsOnDisk(`${volume}/upper`);
    expect(ids).toEqual([0, 1001, 1002, 1003, 65_535]);
    expect(Math.max(...idsOnDisk(volume))).toBeLessThan(65_536);
    expect(statSync(`${volume}/upper/etc/shells`).isCharacterDevice()).toBe(true);
    await storage.roots.unmount(it.containerId);
  });

  it('honours set-user-id files inside, but no device nodes', async () => {
    const it = await addRoot(storage, template);
    await shellInRoot(
      it.root,
      it.idBase,
      'echo "one:x:1001:1001::/:/bin/sh" >> /etc/passwd; echo root:open-sesame | chpasswd',
    );
    const become = (password: string) =>
      inRoot(it.root, it.idBase, [
        '/bin/busybox',
        'su',
        'one',
        '-c',
        `echo ${password} | /bin/su -c 'busybox cut -c1 /etc/shadow'`,
      ]);
    expect(await become('open-sesame')).toMatchObject({ code: 0, stdout: expect.stringContaining('r\nd\nn\n') });
    expect((await become('wrong')).code).not.toBe(0);
    expect((await inRoot(it.root, it.idBase, ['/bin/busybox', 'su', 'one', '-c', 'cat /etc/shadow'])).code).not.toBe(0);
    const options = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .find((line) => line.split(' ')[4] === it.root)
      ?.split(' ')[5];
    expect(options).toContain('nodev');
    expect(options).not.toContain('nosuid');
    await storage.roots.unmount(it.containerId);
  });

  it('can be reached by its own root and nobody else but the host', async () => {
    const it = await addRoot(storage, template);
    const asUser = (uid: number) => {
      try {
        execFileSync('setpriv', [`--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', 'ls', it.root], {
          stdio: 'ignore',
        });
        return 'allowed';
      } catch {
        return 'denied';
      }
    };
    expect([asUser(it.idBase), asUser(it.idBase + 1000), asUser(65_534)]).toEqual(['allowed', 'denied', 'denied']);
    const mnt = `${storage.config.agentDir}/mnt`;
    expect(['volumes', 'layers', 'snapshots'].map((name) => statSync(`${mnt}/${name}`).mode & 0o777)).toEqual([
      0o700, 0o700, 0o700,
    ]);
    await storage.roots.unmount(it.containerId);
  });

  it('refuses a second mount of the same volume, in any role, and repeats the same one', async () => {
    const a = await addRoot(storage, template);
    const volume = await storage.volumes.mount(a.volumeId);
    const layers = [await storage.layers.mount(template.layers[0] ?? '')];
    const plan = { containerId: a.containerId, idBase: a.idBase, layers, volume };
    expect(await storage.roots.mount(plan)).toBe(a.root);
    const other = { ...plan, containerId: uuidv7() };
    await expect(storage.roots.mount(other)).rejects.toMatchObject({ code: 'conflict' });
    await expect(storage.roots.mountReadOnly(other, 'old')).rejects.toMatchObject({ code: 'conflict' });
    await expect(storage.roots.mount({ ...plan, idBase: secondBase })).rejects.toMatchObject({ code: 'conflict' });
    await storage.roots.unmount(a.containerId);
    const [one, two] = await Promise.allSettled([storage.roots.mount(plan), storage.roots.mount(other)]);
    expect([one.status, two.status].sort()).toEqual(['fulfilled', 'rejected']);
    await storage.roots.unmount(plan.containerId);
    await storage.roots.unmount(other.containerId);
  });

  it('shares layers between containers and keeps their changes apart', async () => {
    const extra = `${storage.config.agentDir}/extra`;
    execFileSync('sh', [
      '-c',
      `mkdir -p ${extra}/opt/app && echo two > ${extra}/opt/app/name && echo top > ${extra}/etc-marker`,
    ]);
    const { digest } = await storage.layers.importTree(extra);
    const chain = { ...template, layers: [...template.layers, digest] };
    const a = await addRoot(storage, chain);
    const b = await addRoot(storage, chain, { idBase: secondBase });
    expect(readdirSync(`${storage.config.agentDir}/mnt/layers`)).toHaveLength(2);
    expect(await shellInRoot(a.root, a.idBase, 'cat /opt/app/name; echo changed > /opt/app/name; rm /etc-marker')).toBe(
      'two\n',
    );
    expect(await shellInRoot(b.root, b.idBase, 'cat /opt/app/name /etc-marker; stat -c %u /opt/app')).toBe(
      'two\ntop\n0\n',
    );
    for (const c of [a, b]) await storage.roots.unmount(c.containerId);
  });

  it('mounts again under another id range as it is', async () => {
    const a = await addRoot(storage, template);
    await shellInRoot(a.root, a.idBase, 'echo kept > /root/file; chown 33:33 /root/file; chmod 4711 /root/file');
    await storage.roots.unmount(a.containerId);
    const volume = await storage.volumes.mount(a.volumeId);
    const layers = [await storage.layers.mount(template.layers[0] ?? '')];
    const root = await storage.roots.mount({ containerId: a.containerId, idBase: secondBase, layers, volume });
    expect(await shellInRoot(root, secondBase, 'cat /root/file; stat -c "%u %g %a" /root/file')).toBe(
      'kept\n33 33 4711\n',
    );
    expect(statSync(`${root}/root/file`).uid).toBe(secondBase + 33);
    await storage.roots.unmount(a.containerId);
  });

  it('is mounted by paths where the kernel takes no descriptors', async () => {
    const a = await addRoot(storage, template);
    await storage.roots.unmount(a.containerId);
    const volume = await storage.volumes.mount(a.volumeId);
    const layers = [await storage.layers.mount(template.layers[0] ?? '')];
    const older = createRoots(storage.config, 'path');
    const root = await older.mount({ containerId: a.containerId, idBase: a.idBase, layers, volume });
    expect(
      await shellInRoot(root, a.idBase, 'rm /etc/shells; echo x > /etc/new; chown 5:6 /etc/new; stat -c %u /etc'),
    ).toBe('0\n');
    expect(idsOnDisk(`${volume}/upper`)).toEqual([0, 5, 6]);
    await older.unmount(a.containerId);
  });

  it('shows an old system read-only, with what was deleted still deleted', async () => {
    const a = await addRoot(storage, template);
    await shellInRoot(a.root, a.idBase, 'echo mine > /root/file; rm /etc/shells; rm -r /var/spool; mkdir /var/spool');
    await storage.roots.unmount(a.containerId);
    const volume = await storage.volumes.mount(a.volumeId);
    const layers = [await storage.layers.mount(template.layers[0] ?? '')];
    const old = await storage.roots.mountReadOnly(
      { containerId: a.containerId, idBase: a.idBase, layers, volume },
      'old',
    );
    const script =
      'cat /root/file; ls /etc/shells 2>&1 || true; ls -A /var/spool; touch /root/new 2>&1 || true; rm /root/file 2>&1 || true';
    expect(await shellInRoot(old, a.idBase, script)).toBe(
      [
        'mine',
        'ls: /etc/shells: No such file or directory',
        'touch: /root/new: Read-only file system',
        "rm: can't remove '/root/file': Read-only file system",
        '',
      ].join('\n'),
    );
    const options = readFileSync('/proc/self/mountinfo', 'utf8')
      .split('\n')
      .find((line) => line.split(' ')[4] === old)
      ?.split(' ')[5];
    expect(options?.split(',')).toEqual(expect.arrayContaining(['ro', 'nosuid', 'nodev']));
    expect(storage.roots.listMounted()).toContain(a.containerId);
    await storage.roots.unmount(a.containerId);
    expect(storage.roots.listMounted()).not.toContain(a.containerId);
  });
});

describe('the quota of a volume', () => {
  it('stops root inside at the bytes and at the inodes, and df shows it', async () => {
    const a = await addRoot(storage, template, { bytes: 64 * MiB, inodes: 1024 });
    const [blocks = 0, blockSize = 0] = (await shellInRoot(a.root, a.idBase, "stat -f -c '%b %s' /"))
      .split(' ')
      .map(Number);
    const size = blocks * blockSize;
    expect(size).toBeLessThanOrEqual(64 * MiB);
    expect(size).toBeGreaterThan(0.9 * 64 * MiB);
    const fill = await inRoot(a.root, a.idBase, ['/bin/dd', 'if=/bin/busybox', 'of=/root/big', 'bs=1M', 'count=1']);
    expect(fill.code).toBe(0);
    const full = await inRoot(a.root, a.idBase, ['/bin/sh', '-c', 'while cat /bin/busybox >> /root/big; do :; done']);
    expect(full.stderr).toContain('No space left on device');
    expect(storage.volumes.usage(a.volumeId)?.bytes).toBeGreaterThan(0.9 * size);
    await storage.roots.unmount(a.containerId);
    const volume = await storage.volumes.mount(a.volumeId);
    const layers = [await storage.layers.mount(template.layers[0] ?? '')];
    const again = await storage.roots.mount({ containerId: a.containerId, idBase: a.idBase, layers, volume });
    await shellInRoot(again, a.idBase, 'rm /root/big');
    const many = await inRoot(again, a.idBase, [
      '/bin/sh',
      '-c',
      'i=0; while : > /root/f$i; do i=$((i+1)); done; echo $i',
    ]);
    expect(many.stdout + many.stderr).toMatch(/No space left on device/);
    expect(statfsSync(again).ffree).toBe(0);
    expect(readdirSync(`${again}/root`).length).toBeLessThanOrEqual(1024);
    expect(readdirSync(`${again}/root`).length).toBeGreaterThan(900);
    await storage.roots.unmount(a.containerId);
  });
});

describe('the tiny template', () => {
  it('has the account tools a person expects', async () => {
    const a = await addRoot(storage, template);
    const script = `
      adduser -D -g 'Some One' alice; addgroup ops; addgroup alice ops; addgroup alice ops
      printf 'alice:p:a s$s"w%%o\\\\rd\\nroot:another-one\\n' | chpasswd -c sha512
      grep -E '^(alice|ops):' /etc/passwd /etc/group; stat -c '%u %a' /home/alice; stat -c '%a %g' /etc/shadow
      echo nobody-here:x | chpasswd 2>&1 || echo refused
      adduser -D alice 2>&1 || echo refused
      cut -d: -f1-2 /etc/shadow | cut -c1-10`;
    expect((await shellInRoot(a.root, a.idBase, script)).split('\n')).toEqual([
      ...[
        '/etc/passwd:alice:x:1000:1000:Some One:/home/alice:/bin/sh',
        '/etc/group:alice:x:1000:',
        '/etc/group:ops:x:1001:alice',
      ],
      ...[
        '1000 755',
        '640 42',
        'chpasswd: unknown user nobody-here',
        'refused',
        "adduser: user 'alice' in use",
        'refused',
      ],
      ...['root:$6$', 'daemon:*', 'nobody:*', 'alice:$6$'].map((start) =>
        expect.stringMatching(`^${start.replace(/[$*]/g, '\\$&')}`),
      ),
      '',
    ]);
    const login = ['/bin/busybox', 'su', 'nobody', '-s', '/bin/sh', '-c', 'head -n1 | /bin/su alice -c "id -un"'];
    expect(await inRoot(a.root, a.idBase, login, 'p:a s$s"w%o\\rd\n')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('alice'),
    });
    await shellInRoot(a.root, a.idBase, 'deluser alice; ! grep alice /etc/passwd /etc/shadow');
    await storage.roots.unmount(a.containerId);
  });
});
