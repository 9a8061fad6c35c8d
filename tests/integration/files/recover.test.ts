/** What the template has comes back in a time that grows with how much there is, and all of it however much there is. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { putBack } from '#agent/actions/recover.ts';
import type { Tree } from '#agent/adapters.ts';
import { createFiles } from '#agent/files/apply.ts';
import { Changes } from '#lib/contract/files.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { shellInRoot } from '../../support/in-root.ts';
import { addRoot, makeStorage, type Storage } from '../../support/make-root.ts';

const files = createFiles();
let storage: Storage;
let tiny: TemplateRef;
beforeAll(async () => {
  storage = await makeStorage();
  ({ template: tiny } = await storage.templates.build('tiny', storage.layers, () => {}));
});
afterAll(() => storage?.cleanUp());

/** A mounted root whose template has so many files in folders of fifty, and the shell in it. */
async function rootWith(count: number, inodes = 16_384) {
  const directory = join(storage.config.agentDir, `tree-${count}`);
  for (let n = 0; n < count; n += 1) {
    const folder = join(directory, 'usr/many', String(Math.floor(n / 50)));
    if (n % 50 === 0) mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, String(n)), `${n}\n`);
  }
  return await rootOver(directory, inodes);
}

/** A mounted root whose template has what is in `directory` over the tiny one. */
async function rootOver(directory: string, inodes?: number) {
  const { digest } = await storage.layers.importTree(directory);
  const template = { ...tiny, layers: [digest, ...tiny.layers] };
  const made = await addRoot(storage, template, inodes === undefined ? {} : { inodes });
  const layers = await Promise.all(template.layers.map((layer) => storage.layers.mount(layer)));
  const volume = join(storage.config.agentDir, 'mnt/volumes', made.volumeId);
  const tree: Tree = { ...made, parts: { volume, layers } };
  return { tree, sh: (script: string) => shellInRoot(made.root, made.idBase, script) };
}

const base64 = (path: string) => Buffer.from(path).toString('base64');
const system = { allSystemFiles: true } as const;
/** What a recovery of `path` (null: of the system) would touch, as it is told beforehand. */
async function beforehand(tree: Tree, path: string | null) {
  const order = { path: base64(path ?? '/'), system: path === null, recover: path !== null };
  const { answer, body } = await files.call(tree, { op: 'changes', order }, null, new AbortController().signal);
  await body.return(undefined);
  const { items, total, whole } = Changes.parse(answer);
  return { paths: items.map(({ name }) => Buffer.from(name, 'base64').toString()), total, whole };
}
const recover = async (tree: Tree, told: (percent: number | null) => void = () => {}) =>
  await putBack(files, tree, system, (_message, percent) => told(percent), new AbortController().signal);

it('takes four times as long for four times as many', async () => {
  const tookMs: number[] = [];
  for (const count of [500, 2_000]) {
    const { tree, sh } = await rootWith(count);
    // What is not the system's is not looked into.
    await sh(
      'cd /usr/many; for folder in *; do rm $folder/*; done; echo mine > 0/mine; mkdir /root/own; echo x > /root/own/x',
    );
    const percents: (number | null)[] = [];
    const at = performance.now();
    expect(await recover(tree, (percent) => percents.push(percent))).toEqual({ changed: count });
    tookMs.push(performance.now() - at);
    expect(percents.filter((percent) => percent !== null)).toEqual(
      [...percents.slice(1)].sort((a, b) => Number(a) - Number(b)),
    );
    expect(percents.at(-1)).toBe(99);
    expect(await sh('find /usr/many -type f | wc -l; cat /usr/many/0/mine; cat /usr/many/9/499')).toBe(
      `${count + 1}\nmine\n499\n`,
    );
    expect(await recover(tree)).toEqual({ changed: 0 });
    await storage.roots.unmount(tree.containerId);
  }
  const [fewer = 0, more = 0] = tookMs;
  console.log(
    `recover: 500 files ${fewer.toFixed(0)} ms, 2,000 files ${more.toFixed(0)} ms: ${(more / fewer).toFixed(1)} times`,
  );
  // Four times by itself; sixteen if each file cost a look at all the others.
  expect(more / fewer).toBeLessThan(8);
});

it('replaces a file at once: whoever looks finds it as it was or as the template has it, never gone', async () => {
  const { tree, sh } = await rootWith(400);
  await sh('for file in /usr/many/*/*; do echo changed > $file; done; ln -s gone /usr/many/link');
  const looks = `missing=0; looked=0; while [ ! -e /root/stop ]; do
    for n in $(seq 0 7); do for file in /usr/many/$n/$((n * 50 + 7)) /usr/many/$n/$((n * 50 + 31)); do
      looked=$((looked + 1)); [ -e $file ] || missing=$((missing + 1)); done; done; done; echo $missing $looked`;
  const looking = sh(looks);
  expect(await recover(tree)).toEqual({ changed: 400 });
  await sh('touch /root/stop');
  const [missing, looked] = (await looking).trim().split(' ').map(Number);
  expect(missing).toBe(0);
  expect(looked).toBeGreaterThan(100);
  // The changed versions lie in the trash, each by itself.
  expect(await sh('cat /.berth-trash/*/item | sort | uniq -c; cat /usr/many/*/* | sort -n | uniq | wc -l')).toMatch(
    /^ *400 changed\n400\n$/,
  );
  await storage.roots.unmount(tree.containerId);
});

it('of a folder leaves who the system is and who may log in as they are, and tells so beforehand; by its own name such a file comes back', async () => {
  const directory = join(storage.config.agentDir, 'tree-identity');
  for (const folder of ['etc/ssh', 'root/.ssh']) mkdirSync(join(directory, folder), { recursive: true });
  const identity = ['/etc/passwd', '/etc/shadow', '/etc/group', '/etc/hostname', '/etc/ssh/sshd_config'];
  const all = [...identity, '/etc/ssh/ssh_host_rsa_key', '/root/.ssh/authorized_keys', '/etc/motd', '/root/.profile'];
  for (const path of all) writeFileSync(join(directory, path), 'of the template\n');
  const { tree, sh } = await rootOver(directory);
  await sh(`for file in ${all.join(' ')}; do echo mine > $file; done; rm /root/.ssh/authorized_keys; rm /etc/shells`);
  const still = async () => (await sh(`grep -l mine ${all.join(' ')} || true`)).split('\n').filter(Boolean);
  const recovered = async (path: string) => {
    const told = await beforehand(tree, path);
    const order = { paths: [base64(path)] };
    const { changed } = await putBack(files, tree, order, () => {}, new AbortController().signal);
    expect([changed, told.whole]).toEqual([told.total, true]);
    return told.paths.sort();
  };
  expect((await beforehand(tree, null)).paths.sort()).toEqual(['/etc/motd', '/etc/shells']);
  expect(await recovered('/etc')).toEqual(['/etc/motd', '/etc/shells']);
  expect(await recovered('/')).toEqual(expect.arrayContaining(['/root/.profile']));
  expect(await recovered('/root/.ssh')).toEqual([]);
  expect(await still()).toEqual([...identity, '/etc/ssh/ssh_host_rsa_key']);
  // The folder of the ssh server's settings is their own name; the host's keys have names of their own.
  expect(await recovered('/etc/ssh')).toEqual(['/etc/ssh/sshd_config']);
  expect(await recovered('/etc/passwd')).toEqual(['/etc/passwd']);
  expect(await recovered('/root/.ssh/authorized_keys')).toEqual(['/root/.ssh/authorized_keys']);
  expect(await still()).toEqual([...identity.slice(1, 4), '/etc/ssh/ssh_host_rsa_key']);
  await storage.roots.unmount(tree.containerId);
});

it('counts all that it will touch beforehand, and lists the first of it', async () => {
  const { tree, sh } = await rootWith(5_300);
  await sh('for folder in /usr/many/*; do rm $folder/*; done');
  for (const path of [null, '/usr']) {
    const { paths, total, whole } = await beforehand(tree, path);
    expect([total, whole]).toEqual([5_300, false]);
    expect(new Set(paths).size).toBe(5_000);
  }
  await storage.roots.unmount(tree.containerId);
});

it('looks at a folder that came back whole once, and says what was in its way', async () => {
  const { tree, sh } = await rootWith(500, 1_024);
  await sh(
    'rm -r /usr/many/3; rm /usr/many/4/200; echo changed > /usr/many/5/250; rm -r /usr/many/6; echo file > /usr/many/6; rm /usr/many/7/350; mkdir -p /usr/many/7/350/x',
  );
  const paths = ['/usr/many/3', '/usr/many/3/150', '/usr/many'].map((path) => Buffer.from(path).toString('base64'));
  const one = (order: Parameters<typeof putBack>[2]) =>
    putBack(files, tree, order, () => {}, new AbortController().signal);
  expect(await one({ paths })).toEqual({ changed: 5 });
  expect(await sh('cat /usr/many/3/150 /usr/many/4/200 /usr/many/5/250 /usr/many/6/300 /usr/many/7/350')).toBe(
    '150\n200\n250\n300\n350\n',
  );
  // Full: what has come back stays, and the reason is told.
  await sh('rm -r /usr/many/*; mkdir /root/fill; n=0; while touch /root/fill/$n 2>/dev/null; do n=$((n+1)); done');
  await expect(one(system)).rejects.toMatchObject({ code: 'no_space' });
  await sh('rm -r /root/fill');
  await one(system);
  expect(await sh('find /usr/many -type f | wc -l')).toBe('500\n');
  await storage.roots.unmount(tree.containerId);
});

it('a body that nobody begins to read is given up with its helper', async () => {
  const { tree, sh } = await rootWith(1);
  await sh('truncate -s 16M /root/long');
  const order = { path: Buffer.from('/root/long').toString('base64') };
  // More than a container may have at a time.
  for (let n = 0; n < 6; n += 1) {
    const { body } = await files.call(tree, { op: 'read', order }, null, new AbortController().signal);
    await body.return(undefined);
  }
  await storage.roots.unmount(tree.containerId);
});
