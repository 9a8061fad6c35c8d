/** The network between worker and agent cut at every message of every kind of action. `BERTH_SHARD=1/2` runs a part. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { startTestAgent, type TestAgent } from '#tests/support/agent.ts';
import { cutActions, cutEverywhere } from '#tests/support/cuts.ts';
import { shardOf } from '#tests/support/shard.ts';

let agent: TestAgent;
let template: TemplateRef;
let cuts = 0;

beforeAll(async () => {
  agent = await startTestAgent('sim');
  template = await agent.template();
});
afterAll(async () => {
  await agent?.cleanUp();
});

it.each(shardOf(Object.keys(cutActions)))('%s has its effect once, wherever the line is cut', async (name) => {
  const count = await cutEverywhere(agent, template, name);
  expect(count).toBeGreaterThanOrEqual(10);
  cuts += count;
});

it('says what it did', () => {
  expect([...agent.carriedOut].filter(([, times]) => times !== 1)).toEqual([]);
  console.log(`network cut: ${cuts} of ${cuts} actions ended with their result and exactly one effect`);
});
