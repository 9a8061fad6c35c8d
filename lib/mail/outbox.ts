import type { MailBrand } from '../brands/mail.ts';
import { fill } from '../brands/mails.ts';
import type { MailKind } from '../contract/brands.ts';
import type { Tx } from '../db/client.ts';
import { outbox } from '../db/schema/services.ts';

/** `kind` and `facts`: for a brand that has words of its own for it. */
export type Mail = {
  recipient: string;
  subject: string;
  body: string;
  kind?: MailKind;
  facts?: Record<string, string>;
};

/**
 * Hands a mail to the outbox in the caller's transaction; the worker sends it, and again until it is out. In a brand: in its words, if it has
 * some for this, and from its sender.
 */
export async function queueMail(tx: Tx, mail: Mail, brand: MailBrand | null): Promise<void> {
  const { recipient, kind, facts = {} } = mail;
  const template = kind === undefined ? undefined : brand?.mails[kind];
  const words = template === undefined ? mail : fill(template, { ...facts, product: brand?.product ?? '' });
  const { subject, body } = words;
  await tx.insert(outbox).values({ recipient, subject, body, brandId: brand?.brandId ?? null });
}
