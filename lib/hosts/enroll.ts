import { setTimeout as sleep } from 'node:timers/promises';
import { eq } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { z } from 'zod';
import { systemActor } from '#lib/access/actor.ts';
import type { EnrollRequest, EnrollResult } from '#lib/contract/agent-trust.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { asActor } from '#lib/db/client.ts';
import { enrolments } from '#lib/db/schema/hosts.ts';
import { hashToken } from './token.ts';

const patienceMs = 20_000;
const lookEveryMs = 100;
const enroller = systemActor('enrolment');

/**
 * Lets an agent join with its single-use token: passes its request on to the worker, which alone can sign it
 * ({@link file://./admit.ts}), and waits for the answer. Throws `forbidden` for a token that is unknown, used or too old,
 * alike, and `timeout` when no worker answers.
 */
export async function enrollHost(input: z.infer<typeof EnrollRequest>): Promise<EnrollResult> {
  const { csr, hostname, address } = input;
  const id = uuidv7();
  await asActor(enroller, (tx) =>
    tx.insert(enrolments).values({ id, tokenHash: hashToken(input.token), csr, hostname, address }),
  );
  const until = Date.now() + patienceMs;
  for (;;) {
    const [row] = await asActor(enroller, (tx) => tx.select().from(enrolments).where(eq(enrolments.id, id)));
    if (row?.refusal != null) throw new BerthError(row.refusal.code, row.refusal.detail);
    if (row?.result != null) return row.result;
    if (Date.now() > until) throw new BerthError('timeout', 'The worker does not answer; the token may be used up.');
    await sleep(lookEveryMs);
  }
}
