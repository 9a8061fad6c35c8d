import type { Actor } from '#lib/access/actor.ts';
import { readLog } from '#lib/agent-client/reads.ts';
import { services } from '#lib/services.ts';
import { reachContainer } from './reach.ts';

const logBytes = 64 * 1024;

/** The end of a container's boot log, at most 64 KiB. */
export async function readContainerLog(actor: Actor, id: string): Promise<{ text: string }> {
  const { agent, target } = await reachContainer(actor, id, 'container.log', null, null);
  return { text: await readLog(agent, services().agents.signer, target, logBytes) };
}
