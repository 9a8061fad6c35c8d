import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InventoryItem } from '#lib/contract/agent-state.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { startTestAgent, type TestAgent } from '#tests/support/agent.ts';
import { runOf } from '#tests/support/pids.ts';

/** A real agent, with its patience shortened so that a container that crashes all the time is given up within seconds. */
const rules = { firstDelayMs: 200, longestDelayMs: 800, windowMs: 600_000, most: 3 };
let agent: TestAgent;
let template: TemplateRef;
beforeAll(async () => {
  agent = await startTestAgent('real', { restarts: rules });
  template = await agent.template();
});
afterAll(() => agent?.cleanUp());

const item = async (id: string): Promise<InventoryItem> => {
  const found = await agent.item(id);
  if (found === undefined) throw new Error('the host does not have it');
  return found;
};
const becomes = (id: string, expected: object) =>
  expect.poll(() => item(id), { timeout: 60_000, interval: 100 }).toMatchObject(expected);
const started = async (change: Parameters<TestAgent['container']>[1] = {}) => {
  const { containerId } = await agent.container(template, change);
  await agent.act('container.start', { containerId });
  return containerId;
};
/** From its next boot on, the container's first process ends by itself with status 3. */
const breakInit = (id: string) =>
  agent.sh(id, "rm /sbin/init; printf '#!/bin/sh\\nsleep 0.2\\nexit 3\\n' > /sbin/init; chmod 755 /sbin/init");
const initOf = (id: string) => runOf(agent.config.agentDir, id).init.pid;
/** Whatever becomes of the answer: the container may end before it comes. */
const inside = (id: string, script: string) =>
  agent.exec(id, ['/bin/sh', '-c', script]).catch((error: unknown) => error);

describe('a container that ends', () => {
  it('by reboot, want of memory and poweroff is told apart, and only the last stays down', async () => {
    const id = await started();
    const { generation, bootId } = await item(id);
    await inside(id, 'reboot -f');
    await becomes(id, { power: 'running', lastExit: { cause: 'reboot', status: 129 } });
    expect((await item(id)).bootId).not.toBe(bootId);
    // The kernel chooses the first process, for it says it may; three share the rest, so that none is larger.
    const eat = 'for n in 1 2 3; do head -c 500000000 /dev/zero | tail & done; wait';
    await inside(id, `echo 1000 > /proc/1/oom_score_adj; ${eat}`);
    await becomes(id, { power: 'running', lastExit: { cause: 'oom', status: 137 } });
    await agent.sh(id, 'true');
    await inside(id, 'poweroff -f');
    await becomes(id, { power: 'stopped', desired: 'stopped', lastExit: { cause: 'poweroff', status: 130 } });
    const { exits, ...last } = await item(id);
    expect(exits.map((exit) => exit.cause)).toEqual(['poweroff', 'oom', 'reboot']);
    expect(exits.every((exit) => exit.ranSince !== null && exit.ranSince < exit.at)).toBe(true);
    expect(last.generation).toBe(generation);
  });

  it('again and again is started less and less often and then given up, over a sudden end of the agent; a person may start it', async () => {
    const id = await started();
    await breakInit(id);
    await inside(id, 'reboot -f');
    await becomes(id, { lastExit: { cause: 'crash', status: 3 } });
    await agent.stop('SIGKILL');
    await agent.start();
    await becomes(id, { power: 'stopped', desired: 'stopped', restarts: { gaveUp: true, nextAt: null, limit: 3 } });
    const { exits } = await item(id);
    const crashes = exits.filter((exit) => exit.cause === 'crash').map((exit) => Date.parse(exit.at));
    // The reboot came seconds after the start, so it counts as the first of the four.
    expect(crashes.length).toBe(3);
    const gaps = crashes.slice(1).map((at, index) => (crashes[index] ?? 0) - at);
    expect(gaps[0]).toBeGreaterThanOrEqual(800);
    await agent.act('container.start', { containerId: id });
    await becomes(id, { restarts: { counted: 1, gaveUp: false } });
    await agent.act('container.stop', { containerId: id, args: { timeoutMs: 100 } });
    expect(await item(id)).toMatchObject({ power: 'stopped', desired: 'stopped', restarts: null });
  });

  it('stays down when its policy is never, and comes back from a poweroff when it is always', async () => {
    const id = await started({ restartPolicy: 'always' });
    await inside(id, 'poweroff -f');
    await becomes(id, { power: 'running', lastExit: { cause: 'poweroff' } });
    await agent.act('container.configure', { containerId: id, args: { restartPolicy: 'never' } });
    process.kill(initOf(id), 'SIGKILL'); // not by us, not by the kernel for want of memory
    await becomes(id, { power: 'stopped', desired: 'stopped', lastExit: { cause: 'crash', status: 137 } });
  });

  it('and whose monitor is gone before it ends unseen, and comes back', async () => {
    const id = await started();
    const { init, monitor } = runOf(agent.config.agentDir, id);
    process.kill(monitor.pid, 'SIGKILL');
    process.kill(init.pid, 'SIGKILL');
    await agent.stop();
    await agent.start(); // who looks at once, and not at the next full minute
    await becomes(id, { power: 'running', lastExit: { cause: 'unseen' } });
  });

  it('and waits for its next start is called off by a policy of never', async () => {
    await agent.stop();
    const patient = { ...agent.config, restarts: { ...rules, firstDelayMs: 600_000, longestDelayMs: 600_000 } };
    writeFileSync(join(agent.config.agentDir, 'config.json'), JSON.stringify(patient));
    await agent.start();
    const id = await started();
    process.kill(initOf(id), 'SIGKILL');
    await becomes(id, { power: 'stopped', desired: 'running', restarts: { counted: 1, gaveUp: false } });
    expect(Date.parse((await item(id)).restarts?.nextAt ?? '')).toBeGreaterThan(Date.now() + 60_000);
    await agent.act('container.configure', { containerId: id, args: { restartPolicy: 'never' } });
    expect(await item(id)).toMatchObject({ power: 'stopped', desired: 'stopped', restarts: { nextAt: null } });
    await agent.act('container.start', { containerId: id });
    expect(await item(id)).toMatchObject({ power: 'running', restarts: null });
  });
});
