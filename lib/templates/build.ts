import { and, eq, inArray, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Actor } from '#lib/access/actor.ts';
import { authorize } from '#lib/access/authorize.ts';
import { BerthError } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { activeOperationStates } from '#lib/contract/states.ts';
import type { BuildTemplate } from '#lib/contract/templates.ts';
import { asActor } from '#lib/db/client.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { operations } from '#lib/db/schema/operations.ts';
import { takeTurn } from '#lib/db/turn.ts';
import { present } from '#lib/operations/find.ts';
import { enqueueOperation, insertOperation } from '#lib/operations/insert.ts';

/** Builds a template from its definition file on a host. Throws `already` when that host is building it. */
export async function buildTemplate(actor: Actor, input: z.infer<typeof BuildTemplate>): Promise<Operation> {
  authorize(actor, 'template.build');
  const decided = await asActor(actor, async (tx) => {
    const [host] = await tx.select().from(hosts).where(eq(hosts.id, input.hostId));
    if (host === undefined) throw new BerthError('not_found', 'There is no such server.');
    await takeTurn(tx, `build:${host.id}:${input.name}`);
    const [same] = await tx
      .select({ id: operations.id })
      .from(operations)
      .where(
        and(
          eq(operations.kind, 'template-build'),
          eq(operations.hostId, host.id),
          inArray(operations.state, [...activeOperationStates]),
          eq(sql`${operations.input}->>'name'`, input.name),
        ),
      );
    if (same !== undefined) throw new BerthError('already', undefined, { operationId: same.id });
    const operation = await insertOperation(tx, actor, {
      kind: 'template-build',
      tenantId: null,
      container: null,
      hostId: host.id,
      generation: null,
      input: { name: input.name },
    });
    return { operation, shown: await present(tx, actor, operation) };
  });
  await enqueueOperation(decided.operation);
  return decided.shown;
}
