/** Mails of a brand through the provider's server: signed for its own domain once its record is there, and only as long as it is. */
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { getBrand, setBrand } from '#lib/brands/change.ts';
import { addKey, dropKey, proveKey } from '#lib/brands/dkim.ts';
import { watchKeys } from '#lib/brands/dkim-watch.ts';
import { setTxtResolver } from '#lib/brands/hosts.ts';
import type { BrandDkimKey, SetBrand } from '#lib/contract/brands.ts';
import { setDatabase, type Tx, withActor } from '#lib/db/client.ts';
import { auditLog } from '#lib/db/schema/audit.ts';
import { brandDkimKeys } from '#lib/db/schema/brands.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { type MailSender, mailSender } from '#lib/mail/send.ts';
import { resellerDashboard } from '#lib/resellers/dashboard.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { checkSignature } from '#tests/support/dkim.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { startSmtp, type TestSmtp } from '#tests/support/smtp.ts';

const smtp = { host: 'mail.acme.test', port: 587, secure: false, user: '' };
const words: SetBrand = {
  ...{ productName: 'Ácme Cloud', supportUrl: null, legalUrl: null, signInText: '', colours: null },
  ...{ sender: { address: 'hello@acme.test', smtp: null }, mails: {}, language: null },
};
/** What the domain's DNS has; a word instead of records: how asking for it fails. */
const dns = new Map<string, string[] | 'ESERVFAIL'>();
let portal: TestPortal;
let world: World;
let server: TestSmtp;
let sender: MailSender;

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  setSealKey(Buffer.alloc(32, 1));
  setAuthConfig({ secret: 'x'.repeat(40), baseUrl: 'http://panel.test' });
  setTxtResolver(async (name) => {
    const found = dns.get(name) ?? 'ENOTFOUND';
    if (typeof found === 'string') throw Object.assign(new Error(found), { code: found });
    // As they come: in pieces of at most 255 characters.
    return found.map((text) => text.match(/.{1,255}/g) ?? []);
  });
  server = await startSmtp();
  const { port } = server;
  sender = mailSender({ host: '127.0.0.1', port, secure: false, from: 'Provider <mail@provider.test>' });
});
afterAll(async () => {
  sender?.close();
  await server?.close();
  await portal?.stop();
});

const reseller = () => actorFor(world, 'reseller');
const id = () => world.ids.reseller;
const all = <T>(work: (tx: Tx) => Promise<T>) => withActor(portal.super, systemActor('test'), work);
const dashboard = async () =>
  (await resellerDashboard(reseller(), id())).problems.map(({ kind, title }) => [kind, title]);

/** As the worker: what only it may do. */
async function asWorker<T>(work: () => Promise<T>): Promise<T> {
  setDatabase(portal.worker);
  try {
    return await work();
  } finally {
    setDatabase(portal.web);
  }
}

/** A mail of the brand as the provider's server gets it, its sender in the envelope, and what somebody who receives it thinks of it. */
async function sent() {
  const [subject, body] = ['Grüße  von web-1', 'Your container   is back. \n\n.\nKöln\n\n\n'];
  await all((tx) => tx.insert(outbox).values({ recipient: 'ann@example.test', subject, body, brandId: id() }));
  expect(await asWorker(() => sender.sendDue())).toBe(1);
  const text = server.received.at(-1) ?? '';
  const from = /^From: (.*)$/m.exec(text)?.[1]?.trim();
  return { text, from, envelope: server.senders.at(-1), verdict: judge(text) };
}
const judge = (text: string) =>
  checkSignature(text, (name) => {
    const found = dns.get(name);
    return typeof found === 'object' ? found[0] : undefined;
  });
const publish = ({ record }: BrandDkimKey) => dns.set(record.name, [record.value]);

it('a key is made for the domain of the sender, and its private half is nobody’s to read but the worker’s', async () => {
  await setBrand(reseller(), id(), { ...words, sender: null });
  await expect(addKey(reseller(), id())).rejects.toMatchObject({ code: 'state' });
  await setBrand(reseller(), id(), words);
  await expect(addKey(actorFor(world, 'ownerA'), id())).rejects.toMatchObject({ code: /forbidden|not_found/ });
  const made = await addKey(reseller(), id());
  expect(made).toMatchObject({ domain: 'acme.test', provenAt: null, signs: false });
  expect(made.record.name).toMatch(/^k[0-9a-f]{10}\._domainkey\.acme\.test$/);
  expect(made.record.value).toMatch(/^v=DKIM1; k=rsa; p=[A-Za-z0-9+/]{392}$/);
  expect((await getBrand(reseller(), id())).dkim).toEqual([made]);
  await expect(addKey(reseller(), id())).rejects.toMatchObject({ code: 'conflict' });
  const read = withActor(portal.web, reseller(), (tx) =>
    tx.select({ x: brandDkimKeys.sealedPrivateKey }).from(brandDkimKeys),
  );
  await expect(read).rejects.toMatchObject({ cause: { message: expect.stringContaining('permission denied') } });
  const [row] = await all((tx) => tx.select().from(brandDkimKeys));
  expect(row?.sealedPrivateKey).toMatch(/^v1\.[\w-]{1000,}$/);
  expect(JSON.stringify(await all((tx) => tx.select().from(auditLog)))).not.toMatch(/PRIVATE|v1\./);
  const seen = (who: keyof World['people']) =>
    withActor(portal.web, actorFor(world, who), (tx) => tx.select({ id: brandDkimKeys.id }).from(brandDkimKeys));
  const counts = await Promise.all((['ownerA', 'ownerB', 'reseller', 'admin'] as const).map(seen));
  expect(counts.map((rows) => rows.length)).toEqual([0, 0, 1, 1]);
});

it('signs once its record is there, and who receives the mail finds it whole', async () => {
  const [key] = (await getBrand(reseller(), id())).dkim;
  if (key === undefined) throw new Error('no key');
  const prove = () => proveKey(reseller(), id(), key.id);
  const other = `v=DKIM1; k=rsa; p=${'A'.repeat(392)}`;
  for (const found of [[], ['v=spf1 -all'], [other], [key.record.value, other], [`${key.record.value}; h=sha1`]]) {
    dns.set(key.record.name, found);
    await expect(prove()).rejects.toMatchObject({ code: 'state' });
  }
  publish(key);
  // There, but not looked for yet: as before.
  expect(await sent()).toMatchObject({ from: expect.stringMatching(/ <mail@provider\.test>$/), verdict: null });
  await expect(proveKey(reseller(), id(), v7())).rejects.toMatchObject({ code: 'not_found' });
  expect(await prove()).toMatchObject({ signs: true, missingSince: null });
  const mail = await sent();
  expect(mail).toMatchObject({ from: expect.stringMatching(/ <hello@acme\.test>$/), envelope: 'mail@provider.test' });
  const selector = key.record.name.split('.')[0] ?? '';
  expect(mail.verdict).toMatchObject({ domain: 'acme.test', selector, bodyHolds: true, signatureHolds: true });
  expect(mail.verdict?.signs).toEqual(expect.arrayContaining(['from', 'to', 'subject', 'date', 'message-id']));
  // What checks it is worth something: changed on its way, it does not hold.
  expect(judge(mail.text.replace('hello@acme.test>', 'hallo@acme.test>'))?.signatureHolds).toBe(false);
  expect(judge(`${mail.text}More.\r\n`)?.bodyHolds).toBe(false);
  const others = await addKey(reseller(), id());
  dns.set(key.record.name, [others.record.value]);
  expect(judge(mail.text)?.signatureHolds).toBe(false);
  publish(key);
  await dropKey(reseller(), id(), others.id);
});

it('a record that is gone signs nothing and is told; a name server that fails says nothing', async () => {
  const [key] = (await getBrand(reseller(), id())).dkim;
  if (key === undefined) throw new Error('no key');
  const look = () => asWorker(() => watchKeys({ everything: true }));
  dns.set(key.record.name, 'ESERVFAIL');
  await look();
  expect((await getBrand(reseller(), id())).dkim).toMatchObject([{ signs: true, missingSince: null }]);
  dns.delete(key.record.name);
  // Nothing is due: it was there a moment ago.
  await asWorker(() => watchKeys());
  expect((await getBrand(reseller(), id())).dkim).toMatchObject([{ signs: true }]);
  expect((await dashboard()).map(([kind]) => kind)).not.toContain('mail-key-missing');
  await look();
  const [gone] = (await getBrand(reseller(), id())).dkim;
  expect(gone).toMatchObject({ signs: false, missingSince: expect.any(String) });
  const title = `The record ${key.record.name} is gone: mails leave from the provider’s address, unsigned`;
  expect(await dashboard()).toContainEqual(['mail-key-missing', title]);
  expect(await sent()).toMatchObject({ from: expect.stringMatching(/ <mail@provider\.test>$/), verdict: null });
  await look();
  expect((await getBrand(reseller(), id())).dkim[0]?.missingSince).toBe(gone?.missingSince);
  // By a server of its own nothing would be signed here, so nothing is amiss.
  await setBrand(reseller(), id(), { ...words, sender: { address: 'hello@acme.test', smtp } });
  expect((await dashboard()).map(([kind]) => kind)).not.toContain('mail-key-missing');
  await setBrand(reseller(), id(), words);
  publish(key);
  await look();
  expect((await dashboard()).map(([kind]) => kind)).not.toContain('mail-key-missing');
  expect((await sent()).verdict).toMatchObject({ signatureHolds: true });
});

it('another key takes over when its record is there; one of another domain signs nothing', async () => {
  const [first] = (await getBrand(reseller(), id())).dkim;
  const second = await addKey(reseller(), id());
  publish(second);
  const selectorOf = (key: BrandDkimKey | undefined) => key?.record.name.split('.')[0];
  expect((await sent()).verdict).toMatchObject({ selector: selectorOf(first), signatureHolds: true });
  await proveKey(reseller(), id(), second.id);
  expect((await getBrand(reseller(), id())).dkim).toMatchObject([{ id: second.id, signs: true }]);
  expect((await sent()).verdict).toMatchObject({ selector: selectorOf(second), signatureHolds: true });
  await setBrand(reseller(), id(), { ...words, sender: { address: 'hello@other.test', smtp: null } });
  expect((await getBrand(reseller(), id())).dkim).toMatchObject([{ id: second.id, signs: false }]);
  expect(await sent()).toMatchObject({ from: expect.stringMatching(/ <mail@provider\.test>$/), verdict: null });
  await setBrand(reseller(), id(), words);
  await dropKey(reseller(), id(), second.id);
  await expect(dropKey(reseller(), id(), second.id)).rejects.toMatchObject({ code: 'not_found' });
  expect(await sent()).toMatchObject({ from: expect.stringMatching(/ <mail@provider\.test>$/), verdict: null });
});
