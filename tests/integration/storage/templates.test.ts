import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isMounted } from '#agent/sys/mountinfo.ts';
import { CommandError, run } from '#agent/sys/process.ts';
import { createTemplates } from '#agent/templates/apply.ts';
import { processes } from '../../support/dead-mount.ts';
import { inDepth } from '../../support/depth.ts';
import { makeStorage, type Storage } from '../../support/make-root.ts';

let storage: Storage;
beforeAll(async () => {
  storage = await makeStorage();
});
afterAll(() => storage?.cleanUp());

describe('building a template', () => {
  it('knows its definitions and refuses others', async () => {
    expect(storage.templates.definitions()).toEqual(['tiny', 'debian-12']);
    await expect(storage.templates.build('nothing', storage.layers, () => {})).rejects.toMatchObject({
      code: 'not_found',
    });
  });

  it('gives the same digest each time, and says how far it is', async () => {
    const seen: number[] = [];
    const first = await storage.templates.build('tiny', storage.layers, (_, percent) => seen.push(percent ?? -1));
    const second = await storage.templates.build('tiny', storage.layers, () => {});
    expect(second).toEqual(first);
    expect(first.template.version).toBe(`1+${first.template.layers[0]?.slice(7, 15)}`);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(readdirSync(`${storage.config.agentDir}/build`)).toEqual([]);
  });

  it('removes what a dead agent had begun, unless something is mounted in it, which stays untouched', () => {
    const builds = `${storage.config.agentDir}/build`;
    const left = `${builds}/debian-12-${2 ** 22 + 1}-1`; // no process has such a number
    mkdirSync(`${left}/root/dev`, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', 'berth-test', `${left}/root/dev`]);
    try {
      writeFileSync(`${left}/root/dev/one`, '');
      createTemplates(storage.config);
      expect(existsSync(`${left}/root/dev/one`)).toBe(true);
    } finally {
      execFileSync('umount', [`${left}/root/dev`]);
    }
    createTemplates(storage.config);
    expect(readdirSync(builds)).toEqual([]);
  });

  it('ends with all that it started when it takes too long, and leaves nothing mounted nor holds what others unmount', async () => {
    const folder = mkdtempSync('/tmp/berth-alone-');
    const volume = `${folder}/volume`;
    const mark = `7${process.pid}`;
    const alive = () => processes((one) => one.command === `sleep ${mark}`);
    const mount = (...args: string[]) => execFileSync('mount', args);
    mkdirSync(`${folder}/tree`);
    mount('--bind', folder, folder);
    try {
      // As the agent's own: see ensureMountRoot.
      mount('--make-private', folder);
      mount('--make-shared', folder);
      mkdirSync(volume);
      mount('-t', 'tmpfs', 'berth-test', volume);
      // As mmdebstrap does: it mounts into the tree, and starts others, in sessions of their own too.
      const script = `mount -t tmpfs berth-alone ${folder}/tree; setsid sleep ${mark} & sleep ${mark} & wait`;
      const late = run('TEST:BUILD', ['sh', '-c', script], { alone: true, timeoutMs: 2500 }).catch(
        (error: unknown) => error,
      );
      await expect.poll(() => alive().length).toBe(2);
      const seen = () => readFileSync(`/proc/${alive()[0]?.pid}/mountinfo`, 'utf8');
      expect(seen()).toContain(`${folder}/tree `);
      expect(seen()).toContain(`${volume} `);
      expect(isMounted(`${folder}/tree`)).toBe(false);
      execFileSync('umount', [volume]);
      expect(seen()).not.toContain(`${volume} `);
      expect(await late).toBeInstanceOf(CommandError);
      await expect.poll(() => alive().length).toBe(0);

      const given = new AbortController();
      const over = run('TEST:BUILD', ['sh', '-c', script], { alone: true, signal: given.signal }).catch(
        (error: unknown) => error,
      );
      await expect.poll(() => alive().length).toBe(2);
      given.abort();
      expect(await over).toBeInstanceOf(CommandError);
      await expect.poll(() => alive().length).toBe(0);
    } finally {
      execFileSync('umount', ['--recursive', '--lazy', folder]);
      rmSync(folder, { recursive: true });
    }
  });

  inDepth(
    'gives the same Debian twice, without host keys, machine id, logs, package lists or device nodes',
    async () => {
      const first = await storage.templates.build('debian-12', storage.layers, () => {});
      const second = await storage.templates.build('debian-12', storage.layers, () => {});
      expect(second).toEqual(first);
      const root = await storage.layers.mount(first.template.layers[0] ?? '');
      expect(readdirSync(`${root}/etc/ssh`).filter((name) => name.startsWith('ssh_host'))).toEqual([]);
      expect(readFileSync(`${root}/etc/machine-id`, 'utf8')).toBe('');
      expect(existsSync(`${root}/var/lib/dbus/machine-id`)).toBe(false);
      expect(readdirSync(`${root}/var/log`)).toEqual(['journal']);
      for (const empty of ['dev', 'run', 'tmp', 'var/lib/apt/lists'])
        expect(readdirSync(`${root}/${empty}`), empty).toEqual([]);
      expect(execFileSync('find', [root, '(', '-type', 'b', '-o', '-type', 'c', ')'], { encoding: 'utf8' })).toBe('');
      expect(readdirSync(`${root}/etc/apt/sources.list.d`)).toEqual(['debian.sources']);
      expect(readdirSync(`${root}/etc/apt/apt.conf.d`)).not.toContain('99mmdebstrap');
      expect(readFileSync(`${root}/etc/shadow`, 'utf8')).toMatch(/^root:[*!]/m);
      expect(statSync(`${root}/usr/bin/su`).mode & 0o7777).toBe(0o4755);
      expect(existsSync(`${root}/sbin/init`)).toBe(true);
      const newest = execFileSync('find', [root, '-printf', '%T@\n'], { encoding: 'utf8' })
        .trim()
        .split('\n')
        .map(Number);
      expect(Math.max(...newest)).toBeLessThanOrEqual(1_735_689_600);
    },
    600_000,
  );
});
