import type { MailBrand } from '../brands/mail.ts';
import { fill } from '../brands/mails.ts';
import type { MailKind } from '../contract/brands.ts';
import type { Tx } from '../db/client.ts';
import { outbox } from '../db/schema/services.ts';
import { type Fact, inWordsOf, languageOfRecipient, type Paragraph, saidFacts } from './language.ts';

/** In English; it is put into the reader's language on its way. `kind` and `facts`: for a brand that has words of its own for it. */
export type Mail = {
  recipient: string;
  subject: Paragraph;
  body: readonly Paragraph[];
  kind?: MailKind;
  facts?: Record<string, Fact>;
};

/**
 * Hands a mail to the outbox in the caller's transaction; the worker sends it, and again until it is out. In the recipient's language; in a
 * brand: in its words, if it has some for this, which stay as they are, and from its sender.
 */
export async function queueMail(tx: Tx, mail: Mail, brand: MailBrand | null): Promise<void> {
  const { recipient, kind, facts = {} } = mail;
  const template = kind === undefined ? undefined : brand?.mails[kind];
  const language = await languageOfRecipient(tx, recipient, brand);
  const words =
    template === undefined
      ? inWordsOf(language, mail)
      : fill(template, { ...saidFacts(language, facts), product: brand?.product ?? '' });
  const { subject, body } = words;
  await tx.insert(outbox).values({ recipient, subject, body, brandId: brand?.brandId ?? null });
}
