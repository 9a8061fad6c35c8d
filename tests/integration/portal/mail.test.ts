import { desc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { requestReset } from '#lib/auth/reset.ts';
import { mailBrandOf } from '#lib/brands/mail.ts';
import type { Language } from '#lib/contract/language.ts';
import { setDatabase, withActor } from '#lib/db/client.ts';
import { brands } from '#lib/db/schema/brands.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { users } from '#lib/db/schema/users.ts';
import { loadLanguages } from '#lib/language/load.ts';
import { written } from '#lib/mail/language.ts';
import { backupFailedMail, firstLoginMail, hostLostMail, invitationMail } from '#lib/mail/messages.ts';
import { queueMail } from '#lib/mail/outbox.ts';
import { type MailSender, mailSender } from '#lib/mail/send.ts';
import { outageMail, ticketMail } from '#lib/mail/tickets.ts';
import { seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { startSmtp, type TestSmtp } from '#tests/support/smtp.ts';
import { addresses, corpus, mark } from '../attacks/markup.ts';

let portal: TestPortal;
let smtp: TestSmtp;
let sender: MailSender;

beforeAll(async () => {
  loadLanguages();
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

it('holds no transaction while a server takes its time, and nobody else sends that mail meanwhile', async () => {
  await withActor(portal.super, systemActor('test'), (tx) => tx.delete(outbox));
  await withActor(portal.web, systemActor('test'), (tx) =>
    queueMail(tx, firstLoginMail('slow@example.test', 'Ann', 'https://panel.test/'), null),
  );
  const before = [smtp.received.length, smtp.recipients.length] as const;
  let takes: () => void = () => undefined;
  smtp.waits = new Promise((resolve) => {
    takes = resolve;
  });
  const sending = sender.sendDue();
  await expect.poll(() => smtp.recipients.length).toBe(before[1] + 1);
  // The database ends those after 10 s: then nothing would be known of what was sent, and it would be sent again and again.
  const { rows } = await portal.super.$client.query(
    `select state from pg_stat_activity where usename = 'berth_worker' and state like 'idle in transaction%'`,
  );
  expect(rows).toEqual([]);
  expect(await sender.sendDue()).toBe(0);
  takes();
  expect(await sending).toBe(1);
  expect(smtp.received).toHaveLength(before[0] + 1);
});

describe('a mail is in the language of who reads it', () => {
  const asSystem = systemActor('test');
  const visitor = { address: '192.0.2.1', userAgent: '', brand: null };
  let world: World;

  beforeAll(async () => {
    world = await seedWorld(portal);
    setDatabase(portal.web);
    setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'https://panel.test' });
    await withActor(portal.super, asSystem, (tx) => tx.delete(outbox));
  });

  const chooses = (who: keyof World['people'], language: Language | null) =>
    withActor(portal.super, asSystem, (tx) =>
      tx.update(users).set({ language }).where(eq(users.id, world.people[who].id)),
    );
  const brandSpeaks = (values: Partial<typeof brands.$inferInsert>) =>
    withActor(portal.super, asSystem, async (tx) => {
      const row = { resellerId: world.ids.reseller, productName: 'Acme Cloud' };
      await tx
        .insert(brands)
        .values({ ...row, ...values })
        .onConflictDoUpdate({ target: brands.resellerId, set: { mails: {}, language: null, ...values } });
    });
  const newest = () =>
    withActor(portal.super, asSystem, async (tx) => {
      const [mail] = await tx.select().from(outbox).orderBy(desc(outbox.createdAt), desc(outbox.id)).limit(1);
      return mail;
    });
  const resetOf = async (who: keyof World['people']) => {
    await requestReset({ email: world.people[who].email }, visitor);
    return await newest();
  };

  it('the one they chose, else their brand’s, else English', async () => {
    expect(await resetOf('ownerB')).toMatchObject({ subject: 'Set a new password' });
    await chooses('ownerB', 'de');
    const mail = await resetOf('ownerB');
    expect(mail?.subject).toBe('Neues Passwort setzen');
    expect(mail?.body).toMatch(
      new RegExp(
        `^Guten Tag ${world.people.ownerB.name},\n\njemand hat für Ihr Konto ein neues Passwort verlangt\\. Wenn Sie das waren, ` +
          'öffnen Sie innerhalb einer Stunde diesen Link:\n\nhttps://panel\\.test/reset\\?token=\\S+\n\nWenn Sie es nicht waren, ' +
          'tun Sie nichts: Ihr Passwort bleibt, wie es ist\\.$',
      ),
    );
    await brandSpeaks({ language: 'de' });
    expect(await resetOf('ownerA')).toMatchObject({ subject: 'Neues Passwort setzen' });
    await chooses('ownerA', 'en');
    expect(await resetOf('ownerA')).toMatchObject({ subject: 'Set a new password' });
  });

  it('but a brand’s own words stay as they are', async () => {
    await chooses('ownerA', 'de');
    await brandSpeaks({ mails: { reset: { subject: 'Set a new password', body: 'Hello {{name}}, {{link}}' } } });
    const mail = await resetOf('ownerA');
    expect(mail?.subject).toBe('Set a new password');
    expect(mail?.body).toMatch(/^Hello .*, https:\/\/panel\.test\/reset/);
    await brandSpeaks({ mails: { 'backup-failed': { subject: '{{container}}', body: '{{problem}} {{link}}' } } });
    const { email } = world.people.ownerA;
    await withActor(portal.web, asSystem, async (tx) => {
      const facts = {
        name: 'Ann',
        container: 'web',
        problem: 'The server does not answer.',
        failures: 1,
        link: 'https://x',
      };
      await queueMail(tx, backupFailedMail(email, facts), await mailBrandOf(tx, world.ids.a));
    });
    expect(await newest()).toMatchObject({ subject: 'web', body: 'Der Server antwortet nicht. https://x' });
    await brandSpeaks({ mails: {} });
    expect((await resetOf('ownerA'))?.subject).toBe('Neues Passwort setzen');
  });

  it('with its lists and with what it quotes of us, but not what people wrote', async () => {
    const email = world.people.ownerB.email.toUpperCase();
    await chooses('ownerB', 'de');
    const send = async (mail: Parameters<typeof queueMail>[1]) => {
      await withActor(portal.web, asSystem, (tx) => queueMail(tx, mail, null));
      return await newest();
    };
    const link = 'https://panel.test/x';
    const at = new Date('2026-01-02T03:04:00Z');
    const lost = await send(
      hostLostMail(email, {
        name: 'Ann',
        containers: [
          { name: 'web-1', newestAt: null, inDirectory: false, until: null },
          { name: 'Delete', newestAt: at, inDirectory: false, until: at },
        ],
        link,
      }),
    );
    expect(lost?.subject).toBe('Der Server von 2 Ihrer Container ist verloren');
    expect(lost?.body).toContain(
      '\n\n  web-1: davon gibt es keine vollständige Sicherung\n  Delete: aus seiner Sicherung vom 2026-01-02 03:04 UTC, bis',
    );
    const failed = await send(
      backupFailedMail(email, {
        name: 'Ann',
        container: 'web',
        problem: 'The server does not answer.',
        failures: 1,
        link,
      }),
    );
    expect(failed?.body).toContain('Der Grund: Der Server antwortet nicht.');
    const text = 'It is over.\n\nDelete';
    const facts = { name: 'Ann', number: 3, subject: 'web crashed', from: 'Bob', link };
    const ticket = await send(ticketMail(email, { ...facts, text: written(text) }));
    expect(ticket?.subject).toBe('[#3] web crashed');
    expect(ticket?.body).toBe(
      `Guten Tag Ann,\n\nBob schrieb:\n\n${text}\n\nHier können Sie alles lesen und antworten:\n\n${link}`,
    );
    const said = await send(ticketMail(email, { ...facts, text: 'Closed as solved.' }));
    expect(said?.body).toContain('Als gelöst geschlossen.');
    const outage = { name: 'Ann', title: 'Power', containers: 1, texts: [written('Delete')], link, over: false };
    expect(await send(outageMail(email, outage))).toMatchObject({
      subject: 'Ausfall: Power',
      body: `Guten Tag Ann,\n\ndas betrifft einen Ihrer Container:\n\nDelete\n\n${link}`,
    });
  });
});

it('is plain text to one recipient, whatever stands in names, subjects and a brand’s own words', async () => {
  await withActor(portal.super, systemActor('test'), (tx) => tx.delete(outbox));
  smtp.received.length = 0;
  smtp.recipients.length = 0;
  const texts = [...corpus, ...addresses];
  const base = { brandId: null, baseUrl: 'https://panel.test', language: null };
  await withActor(portal.web, systemActor('test'), async (tx) => {
    for (const text of texts) {
      const link = 'https://panel.test/';
      const facts = { by: text, account: text, staff: false, days: 7, link };
      await queueMail(tx, invitationMail('a@example.test', facts), null);
      const template = { subject: `${text} {{name}}`, body: `${text} {{name}} {{link}}` };
      const brand = { ...base, product: text, mails: { 'first-login': template } };
      await queueMail(tx, firstLoginMail('a@example.test', text, link), brand);
    }
  });
  setDatabase(portal.worker);
  await sender.sendDue();
  expect(smtp.received).toHaveLength(2 * texts.length);
  expect(new Set(smtp.recipients)).toEqual(new Set(['a@example.test']));
  let shown = 0;
  for (const mail of smtp.received) {
    const head = mail.slice(0, mail.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ');
    const names = head.split('\r\n').map((line) => line.slice(0, line.indexOf(':')).toLowerCase());
    expect([...names].sort()).toEqual([
      ...['content-transfer-encoding', 'content-type', 'date', 'from', 'message-id', 'mime-version', 'subject', 'to'],
    ]);
    expect(head).toMatch(/^content-type: text\/plain; charset=utf-8$/im);
    shown += mail.includes(mark) || /base64/i.test(head) ? 1 : 0;
  }
  expect(shown).toBe(smtp.received.length);
});
