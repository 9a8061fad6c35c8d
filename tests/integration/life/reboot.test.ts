import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { startTestAgent, type TestAgent } from '#tests/support/agent.ts';
import { allRun, expectInTurn, items, makeFleet } from '#tests/support/fleet.ts';
import { rebootHost } from '#tests/support/host-reboot.ts';

/** No portal, no worker and no database run here: what comes back does so by the host alone. */
let agent: TestAgent;
let template: TemplateRef;
beforeAll(async () => {
  agent = await startTestAgent('real');
  template = await agent.template();
});
afterAll(() => agent?.cleanUp());

it('after a boot of the host, containers wanted running come back by priority, throttled, at their generation', async () => {
  const priorities = [10, 90, 50, 90, 50];
  const ids = await makeFleet(agent, template, priorities, true);
  const stopped = await makeFleet(agent, template, [100], false);
  const before = await items(agent, [...ids, ...stopped]);
  await rebootHost(agent);
  await agent.start();
  await allRun(agent, ids, 90_000);
  const after = await items(agent, [...ids, ...stopped]);
  expect(after.map((item) => item.generation)).toEqual(before.map((item) => item.generation));
  expect(after.slice(0, ids.length).every((item) => item.lastExit?.cause === 'host')).toBe(true);
  expect(after.at(-1)).toMatchObject({ power: 'stopped', desired: 'stopped' });
  await expectInTurn(agent, ids, priorities);
  for (const id of ids) expect(await agent.sh(id, 'cat /root/mark')).toBe(id);
});
