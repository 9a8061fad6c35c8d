import { eq } from 'drizzle-orm';
import { v7 } from 'uuid';
import type WebSocket from 'ws';
import type { UserActor } from '../access/actor.ts';
import { authorize, ofContainer } from '../access/authorize.ts';
import { openConsole } from '../agent-client/reads.ts';
import { recordDenied, recordUnseen } from '../audit/denied.ts';
import { writeAudit } from '../audit/write.ts';
import { containerFacts } from '../containers/facts.ts';
import { BerthError } from '../contract/errors.ts';
import { permitted } from '../contract/states.ts';
import { asActor } from '../db/client.ts';
import { hosts } from '../db/schema/hosts.ts';
import { services } from '../services.ts';

/**
 * A socket to a console session in a container: a new session, or the one of this id if the host still has it. Throws
 * `not_found`, `forbidden`, `held`, `state`, `host_unreachable`. Audited.
 */
export async function openContainerConsole(
  actor: UserActor,
  containerId: string,
  sessionId: string = v7(),
): Promise<WebSocket> {
  const { container, host } = await asActor(actor, async (tx) => {
    const facts = await containerFacts(tx, containerId, { lock: false });
    if (facts === undefined || facts.container.deletedAt !== null) throw new BerthError('not_found');
    const { container, holds } = facts;
    authorize(actor, 'container.console', ofContainer(container));
    const verdict = permitted('console', facts);
    if (!verdict.allowed) throw new BerthError(holds.length > 0 ? 'held' : 'state', verdict.reason);
    const [host] = await tx.select().from(hosts).where(eq(hosts.id, container.hostId));
    if (host === undefined) throw new BerthError('not_found');
    await writeAudit(tx, actor, {
      verb: 'container.console',
      tenantId: container.tenantId,
      targetKind: 'container',
      targetId: container.id,
      targetName: container.name,
      detail: { sessionId },
    });
    return { container, host };
  }).catch(async (error: unknown) => {
    const denied = { verb: 'container.console', path: '/containers/{id}/console', id: containerId };
    if (error instanceof BerthError && error.code === 'forbidden') await recordDenied(actor, denied);
    else if (error instanceof BerthError && error.code === 'not_found') void recordUnseen(actor, denied);
    throw error;
  });
  const { agents } = services();
  const agent = agents.to({ hostId: host.id, address: host.address });
  return openConsole(agent, agents.signer, {
    subject: `user:${actor.userId}`,
    containerId,
    generation: container.generation,
    sessionId,
  });
}
