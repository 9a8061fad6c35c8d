import { and, asc, eq, isNull, lte, notInArray, or, sql } from 'drizzle-orm';
import { createTransport } from 'nodemailer';
import { systemActor } from '../access/actor.ts';
import { brandSender, type SenderOptions, sendByOwn } from '../brands/sender.ts';
import { namelessProduct } from '../contract/brands.ts';
import { asActor } from '../db/client.ts';
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
/** Longer than an attempt takes, with a server that uses up its time at every step: should we die in it, it is made again after this. */
const claimMs = 5 * 60_000;
/** A brand's own server that did not take a mail is left alone for so long, so that nobody else's mail waits behind it. */
const restMs = 60_000;
const actor = systemActor('mail');
type Waiting = typeof outbox.$inferSelect;

/** `options`: how servers that brands have named are reached; for tests. */
export function mailSender(smtp: SmtpSettings, options: SenderOptions = {}): MailSender {
  const transport = createTransport({
    host: smtp.host,
    port: smtp.port,
    secure: smtp.secure,
    ...(smtp.user === undefined ? {} : { auth: { user: smtp.user, pass: smtp.password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  const resting = new Map<string, number>();
  const ownAddress = /<([^<>]+)>\s*$/.exec(smtp.from)?.[1] ?? smtp.from;

  /** In a brand's name: by its own server if it has one, from its own address if a key signs for that. */
  async function deliver(mail: Waiting): Promise<void> {
    const { recipient: to, subject, body: text, brandId } = mail;
    const brand = brandId === null ? null : await asActor(actor, (tx) => brandSender(tx, brandId));
    if (brandId === null || brand === null) {
      const from = brandId === null ? smtp.from : { name: namelessProduct, address: ownAddress };
      await transport.sendMail({ from, to, subject, text });
    } else if (brand.signed !== null) {
      const from = { name: brand.name, address: brand.signed.address };
      // What cannot be delivered comes back to whose server it is, and its domain is what receivers know that server by (SPF).
      const envelope = { from: ownAddress, to };
      await transport.sendMail({ from, to, subject, text, envelope, dkim: brand.signed.key });
    } else if (brand.own === null) {
      await transport.sendMail({ from: { name: brand.name, address: ownAddress }, to, subject, text });
    } else {
      resting.set(brandId, Date.now() + restMs);
      const from = { name: brand.name, address: brand.own.address };
      await sendByOwn(brand.own, { from, to, subject, text }, options);
      resting.delete(brandId);
    }
  }

  /** One mail that is due, which is nobody else's to send while the claim lasts. Undefined: none is. */
  const claim = () =>
    asActor(actor, async (tx): Promise<Waiting | undefined> => {
      for (const [brandId, until] of resting) if (until < Date.now()) resting.delete(brandId);
      const [mail] = await tx
        .select()
        .from(outbox)
        .where(
          and(
            isNull(outbox.sentAt),
            isNull(outbox.failedAt),
            lte(outbox.nextAttemptAt, sql`now()`),
            or(isNull(outbox.brandId), notInArray(outbox.brandId, [...resting.keys()])),
          ),
        )
        .orderBy(asc(outbox.nextAttemptAt))
        .limit(1)
        .for('update', { skipLocked: true });
      if (mail === undefined) return undefined;
      const nextAttemptAt = sql`now() + make_interval(secs => ${claimMs / 1000})`;
      await tx.update(outbox).set({ nextAttemptAt }).where(eq(outbox.id, mail.id));
      return mail;
    });

  const note = ({ id }: Waiting, values: Partial<typeof outbox.$inferInsert>) =>
    asActor(actor, (tx) => tx.update(outbox).set(values).where(eq(outbox.id, id)));

  /**
   * Whether the next one went out; undefined: none is due. No transaction is open while a server takes its time: the database ends those of who
   * does nothing for {@link file://../db/client.ts 10 s}, and what it forgets with them would be sent again.
   */
  async function sendNext(): Promise<boolean | undefined> {
    const mail = await claim();
    if (mail === undefined) return undefined;
    try {
      await deliver(mail);
    } catch (error) {
      const attempts = mail.attempts + 1;
      const over = Date.now() - mail.createdAt.getTime() > giveUpAfterMs;
      const delayMs = Math.min(firstDelayMs * 2 ** (attempts - 1), longestDelayMs);
      await note(mail, {
        attempts,
        lastError: error instanceof Error ? error.message.slice(0, 500) : 'failed',
        nextAttemptAt: new Date(Date.now() + delayMs),
        ...(over ? { failedAt: new Date(), body: '' } : {}),
      });
      return false;
    }
    await note(mail, { sentAt: new Date(), body: '', lastError: null });
    return true;
  }

  return {
    async sendDue() {
      let sent = 0;
      for (let result = await sendNext(); result !== undefined; result = await sendNext()) if (result) sent += 1;
      return sent;
    },
    close: () => transport.close(),
  };
}
