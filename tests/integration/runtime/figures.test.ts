import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { composeRuntime } from '#agent/compose-runtime.ts';
import { createLxcfs } from '#agent/lxcfs/apply.ts';
import { inspectFigures } from '#server/setup/doctor/figures.ts';
import { makePlace, type Place, until } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace('rt6');
});
afterAll(() => place?.cleanUp());

const MiB = 1024 ** 2;
const shell = async (script: string) => {
  const result = await place.runtime.exec(place.containerId, ['/bin/sh', '-c', script], { timeoutMs: 20_000 });
  return result.stdout.trim();
};
const mountPoint = () => join(place.config.agentDir, 'lxcfs');
const server = () => Number(readFileSync(join(place.config.agentDir, 'run/lxcfs.pid'), 'utf8'));
const restart = async () => {
  await place.runtime.kill(place.containerId);
  await place.runtime.start(place.plan);
};
const total = () => shell("sed -n 's/^MemTotal: *//p' /proc/meminfo");

it('a container sees its own memory, processors, uptime, load and processor time', async () => {
  await restart();
  expect(await total()).toBe(`${place.plan.resources.memoryBytes / 1024} kB`);
  expect(await shell('grep -c ^processor /proc/cpuinfo; grep -c "^cpu[0-9]" /proc/stat')).toBe('1\n1');
  expect(Number(await shell("cut -d' ' -f1 /proc/uptime"))).toBeLessThan(120);
  expect(await shell('cat /proc/loadavg')).toMatch(/^\d+\.\d\d \d+\.\d\d \d+\.\d\d \d+\/\d+ \d+$/);
  await shell('i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done');
  const [busy, host] = [await shell('sed -n "s/^cpu  //p" /proc/stat'), readFileSync('/proc/stat', 'utf8')];
  const user = (line: string) =>
    Number(
      line
        .trim()
        .replace(/^cpu +/, '')
        .split(' ')[0],
    );
  expect(user(busy)).toBeGreaterThan(0);
  expect(user(busy)).toBeLessThan(user(host) / 2);
});

it('follows new limits while it runs, up and down', async () => {
  const change = (cpuCores: number, memoryBytes: number) =>
    place.runtime.applyResources(place.containerId, { ...place.plan.resources, cpuCores, memoryBytes });
  const seen = async () => [await total(), await shell('grep -c ^processor /proc/cpuinfo')];
  await change(1.5, 384 * MiB);
  expect(await seen()).toEqual([`${384 * 1024} kB`, '2']);
  await change(0.5, 192 * MiB);
  expect(await seen()).toEqual([`${192 * 1024} kB`, '1']);
});

it('the doctor says whether it answers, hangs or is not installed', async () => {
  const { agentDir } = place.config;
  expect(await inspectFigures(agentDir)).toMatchObject({ ok: true });
  expect(await inspectFigures(agentDir, '/nonexistent')).toMatchObject({
    ok: false,
    mend: expect.stringContaining('up'),
  });
  process.kill(server(), 'SIGSTOP');
  try {
    expect(await inspectFigures(agentDir)).toMatchObject({ ok: false, found: expect.stringContaining('hangs') });
  } finally {
    process.kill(server(), 'SIGCONT');
  }
});

it('another agent leaves the server alone', async () => {
  const before = server();
  const next = composeRuntime(place.config);
  await next.runtime.prepareHost();
  next.close();
  expect(server()).toBe(before);
  expect(await total()).not.toBe('');
});

it.each(['SIGKILL', 'SIGSTOP'] as const)(
  'when the server got %s, containers still start, with a new one',
  async (signal) => {
    const before = server();
    process.kill(before, signal);
    await restart();
    expect(server()).not.toBe(before);
    expect(await total()).toBe(`${place.plan.resources.memoryBytes / 1024} kB`);
    await until('the old one is gone', () => !existsSync(`/proc/${before}/exe`));
  },
);

it('without it, containers start and see the host', async () => {
  await place.runtime.kill(place.containerId);
  process.kill(server(), 'SIGKILL');
  expect(await createLxcfs(place.config, '/nonexistent').ensure()).toEqual([]);
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(mountPoint());
  expect(await inspectFigures(place.config.agentDir)).toMatchObject({
    ok: false,
    found: expect.stringContaining('does not run'),
  });
  const plain = composeRuntime(place.config, { lxcfs: '/bin/false' });
  try {
    await plain.runtime.start(place.plan);
    expect(await total()).toBe(/^MemTotal: *(.*)$/m.exec(readFileSync('/proc/meminfo', 'utf8'))?.[1]);
  } finally {
    plain.close();
  }
});
