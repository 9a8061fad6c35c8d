import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { firstLoginMail } from '#lib/mail/messages.ts';
import { queueMail } from '#lib/mail/outbox.ts';
import { type MailSender, mailSender } from '#lib/mail/send.ts';
import { startPortal, type TestPortal } from '#tests/support/portal.ts';
import { startSmtp, type TestSmtp } from '#tests/support/smtp.ts';

let portal: TestPortal;
let smtp: TestSmtp;
let sender: MailSender;

beforeAll(async () => {
  portal = await startPortal();
  setDatabase(portal.worker);
  smtp = await startSmtp();
  smtp.refuse = true;
  sender = mailSender({ host: '127.0.0.1', port: smtp.port, secure: false, from: 'Panel <panel@example.test>' });
});
afterAll(async () => {
  sender.close();
  await smtp.close();
  await portal.stop();
});

it('keeps a mail until the server takes it, sends it once, and forgets the link in it', async () => {
  const link = 'https://panel.test/reset?token=secret-token';
  await withActor(portal.web, systemActor('test'), (tx) =>
    queueMail(tx, firstLoginMail('a@example.test', 'Ann', link), null),
  );
  expect(await sender.sendDue()).toBe(0);
  const [waiting] = await portal.worker.select().from(outbox);
  expect(waiting).toMatchObject({ attempts: 1, sentAt: null });
  expect(waiting?.lastError).toContain('not now');
  expect(waiting?.nextAttemptAt.getTime()).toBeGreaterThan(Date.now() + 5000);

  smtp.refuse = false;
  await portal.worker.execute(sql`update outbox set next_attempt_at = now()`);
  const counts = await Promise.all([sender.sendDue(), sender.sendDue()]);
  expect(counts.sort()).toEqual([0, 1]);
  expect(smtp.received).toHaveLength(1);
  expect(smtp.received[0]).toContain('To: a@example.test');
  expect(smtp.received[0]).toContain('secret-token');
  const [sent] = await portal.worker.select().from(outbox);
  expect(sent?.sentAt).toBeInstanceOf(Date);
  expect(sent?.body).toBe('');
});
