import type { Tx } from '../db/client.ts';
import { outbox } from '../db/schema/services.ts';

export type Mail = { recipient: string; subject: string; body: string };

/** Hands a mail to the outbox in the caller's transaction; the worker sends it, and again until it is out. */
export async function queueMail(tx: Tx, mail: Mail): Promise<void> {
  await tx.insert(outbox).values(mail);
}
