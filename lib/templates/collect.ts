import { and, eq, inArray, sql } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import { systemActor } from '#lib/access/actor.ts';
import { runAction } from '#lib/agent-client/actions.ts';
import type { Agents } from '#lib/agent-client/agents.ts';
import { writeAudit } from '#lib/audit/write.ts';
import { hostAnswers } from '#lib/containers/free.ts';
import type { ActionResult } from '#lib/contract/agent.ts';
import { actionId } from '#lib/contract/ids.ts';
import { asActor } from '#lib/db/client.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { publish } from '#lib/events/publish.ts';
import type { GrantSigner } from '#lib/grants/sign.ts';
import { layersInUse } from './layers.ts';

const sweeper = systemActor('sweeper');
const hourMs = 3_600_000;
/** What came to a host within this stays there: nobody may have said yet what it is for. */
const youngMs = 24 * hourMs;
/** A build that has come before it ends within this; the host goes on with it when nobody waits any more. */
const patience = { unreachableMs: 0, idleMs: 30_000, retries: 0, totalMs: hourMs };

type Tools = {
  agents: Agents;
  signer: GrantSigner;
  log: { warn(detail: Record<string, unknown>, message: string): void };
};
type Due = { id: string; name: string; address: string; keep: string[] };

/**
 * Has each host that answers remove, once a day, the layers that nothing refers to. Not an operation, for nobody asked for it and there is
 * nothing to undo; what a host removed is in the audit record. One that could not is asked again in an hour. Several workers may do this
 * at the same time.
 *
 * What begins meanwhile loses nothing. All that it could be made of was named when the list was written, and is on it: a withdrawn template that
 * is offered again in just this moment is the exception. What is new since, a build or an import, is young. And the host itself keeps what its
 * own records name right up to the moment a file goes ({@link file://../contract/agent.ts}), those of containers we do not know among
 * them: so what comes too late is told that the host does not hold the layer, and undone, and never stands without it.
 */
export async function collectLayers(tools: Tools): Promise<void> {
  await Promise.all((await dueHosts()).map((host) => collectOn(tools, host)));
}

/** Hosts whose turn it is, which is over with this, that have something to remove. None while a template is built there. */
async function dueHosts(): Promise<Due[]> {
  return await asActor(sweeper, async (tx) => {
    const due = await tx.execute<{ id: string; name: string; address: string; layers: { digest: string }[] }>(sql`
      update hosts h set collect_layers_at = now() + interval '1 day'
      where ${hostAnswers} and h.lost_at is null and h.records_wanted_at is null and h.info is not null
        and coalesce(h.collect_layers_at, now()) <= now()
        and not exists (select from operations o where o.host_id = h.id and o.kind = 'template-build'
          and o.state in ('queued', 'running', 'undoing'))
      returning h.id, h.name, h.address, h.info->'layers' as layers`);
    if (due.rows.length === 0) return [];
    const keep = await layersInUse(tx);
    const named = new Set(keep);
    return due.rows.flatMap(({ layers, ...host }) =>
      layers.some(({ digest }) => !named.has(digest)) ? [{ ...host, keep }] : [],
    );
  });
}

async function collectOn({ agents, signer, log }: Tools, { id, name, address, keep }: Due): Promise<void> {
  const operationId = uuidv7();
  const call = {
    verb: 'layers.collect',
    actionId: actionId(operationId, 1, 'collect'),
    operationId,
    containerId: null,
    generation: null,
    fence: 0,
    subject: 'system',
    args: { keep, keepYoungerThanMs: youngMs },
    secrets: {},
  } as const;
  try {
    const collected = await runAction(agents.to({ hostId: id, address }), signer, call, {}, patience);
    if (collected.removed.length > 0) await note(id, name, collected);
  } catch (error) {
    log.warn({ err: error, hostId: id }, 'unused layers were not collected');
    await asActor(sweeper, (tx) =>
      tx
        .update(hosts)
        .set({ collectLayersAt: new Date(Date.now() + hourMs) })
        .where(eq(hosts.id, id)),
    );
  }
}

/** Of which templates the host does not hold all layers any more, and what it removed. */
async function note(hostId: string, name: string, collected: ActionResult<'layers.collect'>): Promise<void> {
  const { removed, freedBytes } = collected;
  await asActor(sweeper, async (tx) => {
    const without = tx
      .select({ id: templates.id })
      .from(templates)
      .where(sql`${templates.layers} ?| ${sql.param(removed)}::text[]`);
    await tx
      .delete(hostTemplates)
      .where(and(eq(hostTemplates.hostId, hostId), inArray(hostTemplates.templateId, without)));
    await writeAudit(tx, sweeper, {
      verb: 'host.layers-collected',
      tenantId: null,
      targetKind: 'host',
      targetId: hostId,
      targetName: name,
      detail: { layers: removed, freedBytes },
    });
    await publish(tx, { type: 'host', tenantId: null, data: { hostId } });
  });
}
