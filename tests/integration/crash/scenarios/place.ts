/** What the scenarios share: one container of each agent, and ways to look at it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { BerthError } from '#lib/contract/errors.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import type { TestAgent } from '../../../support/agent.ts';
import type { Seen } from '../harness.ts';

export type Place = { containerId: string; volumeId: string; tenantId: string };

export type Ground = {
  /** The scenarios' template, built if the host does not hold it. */
  template(agent: TestAgent): Promise<TemplateRef>;
  /** The container, made again if it is gone, running or stopped. It holds the file /root/note. */
  container(agent: TestAgent, power: 'running' | 'stopped'): Promise<Place>;
};

/** All rounds of one agent use one container; a round that failed has deleted it, so it is made again on demand. */
export function ground(): Ground {
  let template: TemplateRef | undefined;
  let place: Place | undefined;
  const self: Ground = {
    async template(agent) {
      const held = new Set((await agent.host()).layers.map(({ digest }) => digest));
      if (template === undefined || !template.layers.every((digest) => held.has(digest)))
        template = await agent.template();
      return template;
    },
    async container(agent, power) {
      if (place === undefined || (await agent.item(place.containerId)) === undefined) {
        place = await agent.container(await self.template(agent));
        await agent.act('container.start', { containerId: place.containerId });
        await inside(agent, place.containerId, 'echo kept > /root/note');
      }
      const { containerId } = place;
      if ((await powerOf(agent, containerId)) !== power) {
        if (power === 'running') await agent.act('container.start', { containerId });
        else await agent.act('container.kill', { containerId });
      }
      return place;
    },
  };
  return self;
}

/** What a harmless command in the container says. Asked again when the agent was too busy to listen. */
export async function inside(agent: TestAgent, containerId: string, script: string): Promise<string> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      return await agent.sh(containerId, script);
    } catch (error) {
      const passing = error instanceof BerthError && ['host_unreachable', 'timeout'].includes(error.code);
      if (!passing || attempt > 10) throw error;
      await sleep(1000);
    }
  }
}

export const powerOf = async (agent: TestAgent, id: string) => (await agent.item(id))?.power;

export async function byPower(agent: TestAgent, id: string, old: string, now: string): Promise<Seen> {
  const seen = await powerOf(agent, id);
  return seen === old ? 'old' : seen === now ? 'new' : 'between';
}

export async function hasNote(agent: TestAgent, id: string): Promise<void> {
  const read = await inside(agent, id, 'cat /root/note');
  if (read !== 'kept') throw new Error(`the file says ${read}`);
}

/** It runs, or can be started, and has its file. */
export async function works(agent: TestAgent, { containerId }: Place): Promise<void> {
  if ((await powerOf(agent, containerId)) !== 'running') await agent.act('container.start', { containerId });
  await hasNote(agent, containerId);
}

export const reserved = async (agent: TestAgent) => (await agent.host()).pool.reservedBytes;

export async function takeSnapshot(agent: TestAgent, containerId: string): Promise<string> {
  const snapshotId = uuidv7();
  // A freeze that lasts too long is given up and tried again.
  await agent.send(agent.call('snapshot.create', { containerId, args: { snapshotId } }), {}, { retries: 4 });
  return snapshotId;
}

export async function dropSnapshot(agent: TestAgent, containerId: string, snapshotId: string): Promise<void> {
  await agent.act('snapshot.delete', { containerId, args: { snapshotId } });
}
