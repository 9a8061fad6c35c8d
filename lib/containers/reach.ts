import { eq } from 'drizzle-orm';
import type { Actor } from '#lib/access/actor.ts';
import { authorize, consentUsed, ofContainer } from '#lib/access/authorize.ts';
import type { AgentConnection } from '#lib/agent-client/connection.ts';
import type { Target } from '#lib/agent-client/reads.ts';
import { writeAudit } from '#lib/audit/write.ts';
import type { Facts } from '#lib/contract/audit-facts.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { type ContainerVerb, permits, permitted } from '#lib/contract/states.ts';
import { asActor } from '#lib/db/client.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { services } from '#lib/services.ts';
import { type ContainerFacts, containerFacts } from './facts.ts';

export type Reached = { agent: AgentConnection; target: Target; facts: ContainerFacts };

/**
 * The way to a container on its host for what is no operation: exec, console, log. Authorises, asks the state table for
 * `verb`, and writes the audit record, before anything is sent.
 */
export async function reachContainer(
  actor: Actor,
  id: string,
  permission: Permission,
  verb: ContainerVerb | null,
  detail: Facts | null,
  /** `looked`: what to record in place of nothing, of somebody who is here by a consent. */
  { looked = {}, deletedToo = false }: { looked?: Facts; deletedToo?: boolean } = {},
): Promise<Reached> {
  authorize(actor, permission);
  return await asActor(actor, async (tx) => {
    const facts = await containerFacts(tx, id, { lock: false });
    if (facts === undefined || (facts.container.deletedAt !== null && !deletedToo)) throw new BerthError('not_found');
    const { container } = facts;
    authorize(actor, permission, ofContainer(container));
    if (verb !== null) {
      const verdict = permitted(verb, facts);
      const held = facts.holds.length > 0 && !permits[verb].whileHeld;
      if (!verdict.allowed) throw new BerthError(held ? 'held' : 'state', verdict.reason);
    }
    const [host] = await tx.select().from(hosts).where(eq(hosts.id, container.hostId));
    if (host === undefined || host.status === 'disabled') throw new BerthError('host_unreachable');
    // What a person does inside by a consent is recorded whole; else what only looks around leaves nothing.
    const byConsent = consentUsed(actor, permission, ofContainer(container)) !== undefined;
    if (detail !== null || byConsent) {
      await writeAudit(tx, actor, {
        verb: permission,
        tenantId: container.tenantId,
        targetKind: 'container',
        targetId: container.id,
        targetName: container.name,
        detail: detail ?? looked,
      });
    }
    return {
      agent: services().agents.to({ hostId: host.id, address: host.address }),
      target: {
        subject: actor.kind === 'user' ? `user:${actor.userId}` : 'system',
        containerId: container.id,
        generation: container.generation,
      },
      facts,
    };
  });
}
