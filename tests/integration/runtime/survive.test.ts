import { spawn } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { composeRuntime } from '#agent/compose-runtime.ts';
import { makePlace, type Place, sleep, until } from './place.ts';

let place: Place;
beforeAll(async () => {
  place = await makePlace('rt4');
});
afterAll(() => place?.cleanUp());

/** A second agent process that starts the container, then does nothing until it is killed. `fault` kills it earlier, at that point. */
function otherAgent(fault?: string): Promise<void> {
  const script = `
    import { composeRuntime } from ${JSON.stringify(resolve('agent/compose-runtime.ts'))};
    const { runtime } = composeRuntime(${JSON.stringify(place.config)});
    await runtime.start(${JSON.stringify(place.plan)});
    console.log('started');
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(fault === undefined ? {} : { BERTH_FAULT: fault }) },
  });
  return new Promise((done, fail) => {
    child.stdout.on('data', () => child.kill('SIGKILL'));
    child.once('error', fail);
    child.once('exit', (code, signal) =>
      signal === 'SIGKILL' ? done() : fail(new Error(`the other agent ended with ${code}, ${signal}`)),
    );
  });
}

describe('when the monitor', () => {
  const monitorOf = (pid: number | null) =>
    Number(/^PPid:\t(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

  it('hangs, a kill still ends the container, with no word on how', async () => {
    await place.runtime.start(place.plan);
    const monitor = monitorOf(place.runtime.state(place.containerId).pid);
    process.kill(monitor, 'SIGSTOP');
    await place.runtime.kill(place.containerId);
    expect(place.runtime.state(place.containerId)).toMatchObject({ running: false, exit: null });
    await place.runtime.start(place.plan);
    expect(place.runtime.state(place.containerId).running).toBe(true);
  });

  it('is gone, the container still counts as running and can be stopped', async () => {
    await place.runtime.start(place.plan);
    process.kill(monitorOf(place.runtime.state(place.containerId).pid), 'SIGKILL');
    await sleep(100);
    expect(place.runtime.state(place.containerId).running).toBe(true);
    await place.runtime.kill(place.containerId);
    expect(place.runtime.state(place.containerId)).toMatchObject({ running: false, exit: null });
  });
});

describe('after a loss of power', () => {
  it('what is written of the run before is not believed, and the container starts', async () => {
    await place.runtime.start(place.plan);
    const file = `${place.config.agentDir}/run/runtime/${place.containerId}/record.json`;
    const record = readFileSync(file, 'utf8');
    const { pid } = place.runtime.state(place.containerId);
    await place.runtime.kill(place.containerId);
    // As after a boot: same files, another boot, and the process id now someone else's.
    const { init } = JSON.parse(record) as { init: object };
    const foreign = { ...init, pid: process.pid, bootId: 'another boot' };
    writeFileSync(file, JSON.stringify({ init: foreign, monitor: foreign, startedAt: new Date().toISOString() }));
    rmSync(`${place.config.agentDir}/run/exits/${place.containerId}`);
    expect(pid).not.toBeNull();
    expect(place.runtime.state(place.containerId)).toMatchObject({ running: false, pid: null, exit: null });
    await place.runtime.askToStop(place.containerId, 'busybox');
    await place.runtime.kill(place.containerId); // must not hit this process
    await place.runtime.start(place.plan);
    expect(place.runtime.state(place.containerId).running).toBe(true);
    await place.runtime.kill(place.containerId);
  });
});

describe('when the agent is killed', () => {
  it('the container goes on, and the next agent knows it, uses it and sees its end', async () => {
    await otherAgent();
    const next = composeRuntime(place.config);
    try {
      expect(next.runtime.state(place.containerId).running).toBe(true);
      expect(next.runtime.listKnown()).toEqual([place.containerId]);
      const result = await next.runtime.exec(place.containerId, ['hostname'], { timeoutMs: 5000 });
      expect(result.stdout).toBe('web-1\n');
      const told: string[] = [];
      next.runtime.onExit((id) => told.push(id));
      await next.runtime.exec(place.containerId, ['reboot', '-f'], { timeoutMs: 5000 });
      await until('the end is told', () => told.includes(place.containerId));
      expect(next.runtime.state(place.containerId)).toMatchObject({ running: false, exit: { status: 129 } });
    } finally {
      next.close();
    }
  });

  it('an end that nobody saw is found by the next agent', async () => {
    await otherAgent();
    const { pid } = place.runtime.state(place.containerId);
    process.kill(pid ?? 0, 'SIGKILL');
    await place.runtime.waitStopped(place.containerId, 5000);
    const next = composeRuntime(place.config);
    next.close();
    expect(next.runtime.state(place.containerId)).toMatchObject({ running: false, exit: { status: 137 } });
  });

  it('right after the start, the container runs', async () => {
    await place.runtime.cleanUp(place.containerId);
    await otherAgent('RUNTIME:START@after=kill');
    expect(place.runtime.state(place.containerId).running).toBe(true);
    await place.runtime.kill(place.containerId);
  });

  it.each([
    'CGROUP:LIMIT@after',
    'RUNTIME:BUNDLE@after#2',
    'MONITOR:START@before',
    'MONITOR:START@after',
    'RUNTIME:RECORD@before#3',
    'RUNTIME:RECORD@after#3',
    'CGROUP:DELEGATE@after',
    'RUNTIME:CAPS@after',
    'RUNTIME:START@before',
  ])('at %s of a start, the container does not run, and starting it again works', async (point) => {
    await place.runtime.cleanUp(place.containerId);
    await otherAgent(`${point}=kill`);
    const next = composeRuntime(place.config);
    try {
      expect(next.runtime.state(place.containerId).running).toBe(false);
      await next.runtime.start(place.plan);
      expect(next.runtime.state(place.containerId).running).toBe(true);
      expect((await next.runtime.exec(place.containerId, ['true'], { timeoutMs: 5000 })).exitCode).toBe(0);
      await next.runtime.kill(place.containerId);
    } finally {
      next.close();
    }
  });
});
