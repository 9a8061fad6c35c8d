import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTemplates } from '#agent/templates/apply.ts';
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
