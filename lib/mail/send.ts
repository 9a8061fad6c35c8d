import { and, asc, eq, isNull, lte, sql } from 'drizzle-orm';
import { createTransport } from 'nodemailer';
import type SMTPTransport from 'nodemailer/lib/smtp-transport/index.js';
import { systemActor } from '../access/actor.ts';
import { brandSender, type SenderOptions } from '../brands/sender.ts';
import { asActor, type Tx } from '../db/client.ts';
import { outbox } from '../db/schema/services.ts';

/** An SMTP server. `secure`: TLS from the first byte; otherwise STARTTLS when the server offers it. */
export type SmtpSettings = {
  host: string;
  port: number;
  secure: boolean;
  user?: string;
  password?: string;
  from: string;
};

export type MailSender = {
  /** Tries every mail that is due, once. Returns how many went out. Several workers may call it at the same time. */
  sendDue(): Promise<number>;
  close(): void;
};

const firstDelayMs = 15_000;
const longestDelayMs = 60 * 60 * 1000;
const giveUpAfterMs = 3 * 24 * 60 * 60 * 1000;
const timeoutMs = 20_000;
const actor = systemActor('mail');

const careful = {
  connectionTimeout: timeoutMs,
  greetingTimeout: timeoutMs,
  socketTimeout: timeoutMs,
  disableFileAccess: true,
  disableUrlAccess: true,
};

/** `options`: how servers that brands have named are reached; for tests. */
export function mailSender(smtp: SmtpSettings, options: SenderOptions = {}): MailSender {
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.secure,
    ...(smtp.user === undefined ? {} : { auth: { user: smtp.user, pass: smtp.password ?? '' } }),
    ...careful,
  });
  const ownAddress = /<([^<>]+)>\s*$/.exec(smtp.from)?.[1] ?? smtp.from;

  /** In a brand's name, by its own server if it has one. */
  async function deliver(tx: Tx, mail: typeof outbox.$inferSelect): Promise<void> {
    const { recipient: to, subject, body: text } = mail;
    const brand = mail.brandId === null ? null : await brandSender(tx, mail.brandId, options);
    if (brand === null) return void (await transport.sendMail({ from: smtp.from, to, subject, text }));
    if (brand.via === null) {
      return void (await transport.sendMail({ from: { name: brand.name, address: ownAddress }, to, subject, text }));
    }
    const own = createTransport({ ...brand.via.options, ...careful } as SMTPTransport.Options);
    try {
      await own.sendMail({ from: { name: brand.name, address: brand.via.address }, to, subject, text });
    } finally {
      own.close();
    }
  }

  /** One mail, under a row lock, so that no two workers send it. Undefined: none is due. */
  const sendNext = () =>
    asActor(actor, async (tx): Promise<boolean | undefined> => {
      const [mail] = await tx
        .select()
        .from(outbox)
        .where(and(isNull(outbox.sentAt), isNull(outbox.failedAt), lte(outbox.nextAttemptAt, sql`now()`)))
        .orderBy(asc(outbox.nextAttemptAt))
        .limit(1)
        .for('update', { skipLocked: true });
      if (mail === undefined) return undefined;
      try {
        await deliver(tx, mail);
        await tx.update(outbox).set({ sentAt: new Date(), body: '', lastError: null }).where(eq(outbox.id, mail.id));
        return true;
      } catch (error) {
        const attempts = mail.attempts + 1;
        const over = Date.now() - mail.createdAt.getTime() > giveUpAfterMs;
        const delayMs = Math.min(firstDelayMs * 2 ** (attempts - 1), longestDelayMs);
        await tx
          .update(outbox)
          .set({
            attempts,
            lastError: error instanceof Error ? error.message.slice(0, 500) : 'failed',
            nextAttemptAt: new Date(Date.now() + delayMs),
            ...(over ? { failedAt: new Date(), body: '' } : {}),
          })
          .where(eq(outbox.id, mail.id));
        return false;
      }
    });

  return {
    async sendDue() {
      let sent = 0;
      for (let result = await sendNext(); result !== undefined; result = await sendNext()) if (result) sent += 1;
      return sent;
    },
    close: () => transport.close(),
  };
}
