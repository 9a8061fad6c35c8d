import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MS } from '#agent/sys/kernel.ts';
import { mountsBelow, parseMountinfo } from '#agent/sys/mountinfo.ts';
import { bindDirectory, ensureMountRoot, hasFlags } from '#agent/sys/mounts.ts';

/** A host whose mounts are shared, as systemd has them, and an agent's directory on it. */
let host: string, agentDir: string, root: string;
const mount = (...argv: string[]) => execFileSync('mount', argv);
const groupOf = (path: string) =>
  parseMountinfo(readFileSync('/proc/self/mountinfo', 'utf8')).findLast((m) => m.target === path)?.group ?? null;

beforeEach(() => {
  host = mkdtempSync('/tmp/berth-mounts-');
  agentDir = `${host}/agent`;
  root = `${agentDir}/mnt`;
  mount('-t', 'tmpfs', 'berth-mounts', host);
  mount('--make-shared', host);
  mkdirSync(root, { recursive: true });
});
afterEach(() => {
  execFileSync('umount', ['-R', host]);
  rmSync(host, { recursive: true });
});

it.each([
  ['before anything', () => {}],
  ['after it was bound, in the host’s group', () => mount('--bind', root, root)],
  [
    'after it was cut off',
    () => {
      mount('--bind', root, root);
      mount('--make-private', root);
    },
  ],
])('an agent killed %s leaves a place that the next one makes whole', async (_, killed) => {
  killed();
  await ensureMountRoot(agentDir);
  const group = groupOf(root);
  expect(group).not.toBeNull();
  expect(group).not.toBe(groupOf(host));
  // Containers that run hold on to it: it does not change any more.
  await ensureMountRoot(agentDir);
  expect(groupOf(root)).toBe(group);
});

it('a call that failed is made again', async () => {
  rmSync(agentDir, { recursive: true });
  writeFileSync(agentDir, 'in the way');
  await expect(ensureMountRoot(agentDir)).rejects.toThrow();
  rmSync(agentDir);
  mkdirSync(agentDir);
  await ensureMountRoot(agentDir);
  expect(groupOf(root)).not.toBeNull();
});

it.each([
  ['before anything', () => {}],
  ['after it was bound', () => mount('--bind', `${host}/from`, `${host}/to`)],
])('a directory is mounted with its flags though somebody was killed %s', async (_, killed) => {
  const flags = MS.RDONLY | MS.NOSUID | MS.NODEV;
  const bind = () =>
    bindDirectory({ bind: 'TEST:BIND', flags: 'TEST:FLAGS' }, { source: `${host}/from`, target: `${host}/to`, flags });
  for (const name of ['from', 'to']) mkdirSync(`${host}/${name}`);
  killed();
  expect(hasFlags(`${host}/to`, flags)).toBe(false);
  await bind();
  await bind();
  expect(hasFlags(`${host}/to`, flags)).toBe(true);
  expect(() => writeFileSync(`${host}/to/new`, '')).toThrow(/EROFS/);
  expect(mountsBelow(host).filter((m) => m.target === `${host}/to`)).toHaveLength(1);
});
