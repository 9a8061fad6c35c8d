/** Every action an agent takes, with its connection cut at every message: what the worker's client does through it. */
import { v7 as uuidv7 } from 'uuid';
import { expect } from 'vitest';
import { type ActionCall, runAction } from '#lib/agent-client/actions.ts';
import { AgentConnection } from '#lib/agent-client/connection.ts';
import type { ActionVerb } from '#lib/contract/agent.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import { resources, type TestAgent } from './agent.ts';
import { type Cut, Cutter } from './cutter.ts';

const patience = { unreachableMs: 30_000, idleMs: 20_000, retries: 0, totalMs: 120_000 };
type Prepare = (agent: TestAgent, template: TemplateRef) => Promise<ActionCall<ActionVerb>>;

const onNew =
  (verb: ActionVerb, args: (volumeId: string) => object = () => ({}), start = true): Prepare =>
  async (agent, template) => {
    const { containerId, volumeId } = await agent.container(template);
    if (start) await agent.act('container.start', { containerId });
    return agent.call(verb, { containerId, args: args(volumeId) as never });
  };

const uploaded: Prepare = async (agent, template) => {
  const { containerId, tenantId } = await agent.container(template);
  const snapshotId = uuidv7();
  await agent.act('snapshot.create', { containerId, args: { snapshotId } });
  const { args: repository, secrets } = agent.repository(tenantId);
  return agent.call('backup.upload', { containerId, args: { backupId: uuidv7(), snapshotId, repository }, secrets });
};

const created: Prepare = async (agent, template) => {
  const args = { tenantId: uuidv7(), name: 'web-1', hostname: 'web-1', volumeId: uuidv7(), template, resources };
  return agent.call('container.create', { containerId: uuidv7(), args });
};

export const cutActions: Record<string, Prepare> = {
  'container.create': created,
  'container.start': onNew('container.start', undefined, false),
  'container.stop': onNew('container.stop', () => ({ timeoutMs: 2_000 })),
  'container.restart': onNew('container.restart', () => ({ timeoutMs: 2_000 })),
  'container.kill': onNew('container.kill'),
  'container.configure': onNew('container.configure', () => ({ resources })),
  'container.delete': onNew('container.delete'),
  'volume.create': onNew('volume.create', () => ({ volumeId: uuidv7() })),
  'snapshot.create': onNew('snapshot.create', () => ({ snapshotId: uuidv7() })),
  'backup.upload': uploaded,
};

/**
 * Runs the action once uncut to see its messages, then once more (on another container) for every place at which the line can
 * be cut: after each message and in the middle of each, in both directions, the first connection's handshake included.
 * Returns how many cuts there were; throws unless each ended with a result and exactly one effect.
 */
export async function cutEverywhere(agent: TestAgent, template: TemplateRef, name: string): Promise<number> {
  const prepare = cutActions[name];
  if (prepare === undefined) throw new Error(`no action ${name}`);
  const cutter = await Cutter.start(agent.port);
  const ids: string[] = [];
  try {
    const run = async (cut?: Cut) => {
      const call = await prepare(agent, template);
      const target = { hostId: agent.hostId, address: `https://127.0.0.1:${cutter.port}` };
      const connection = new AgentConnection(target, agent.made.identities.worker);
      cutter.arm(cut);
      const before = cutter.cuts;
      const where = cut === undefined ? 'uncut' : `cut ${cut.direction} after ${cut.afterBytes} bytes`;
      try {
        await runAction(connection, agent.made.signers.worker, call, {}, patience);
      } catch (error) {
        throw new Error(`${name} ${where}`, { cause: error });
      } finally {
        connection.close();
      }
      ids.push(call.actionId);
      if (call.containerId !== null && name !== 'container.delete') {
        await agent.act('container.delete', { containerId: call.containerId });
      }
      return cutter.cuts - before;
    };
    await run();
    const places = boundaries(cutter.pieces);
    let cuts = 0;
    for (const cut of places) cuts += await run(cut);
    await expect.poll(() => ids.map((id) => agent.carriedOut.get(id))).toEqual(ids.map(() => 1));
    return cuts;
  } finally {
    await cutter.stop();
  }
}

function boundaries(pieces: Cutter['pieces']): Cut[] {
  const passed = { up: 0, down: 0 };
  return pieces.flatMap(({ direction, bytes }) => {
    const middle = { direction, afterBytes: passed[direction] + Math.ceil(bytes / 2) };
    passed[direction] += bytes;
    return [middle, { direction, afterBytes: passed[direction] }];
  });
}
