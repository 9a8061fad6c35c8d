import { expect, it } from 'vitest';
import { fill, refuseBadTemplates, sampleFacts } from '#lib/brands/mails.ts';
import { MailKind, mailWords } from '#lib/contract/brands.ts';
import { loadLanguages } from '#lib/language/load.ts';
import { saidFacts, written } from '#lib/mail/language.ts';
import * as messages from '#lib/mail/messages.ts';
import * as tickets from '#lib/mail/tickets.ts';

await loadLanguages();
const to = 'ann@example.test';
const name = 'Ann';
const link = 'https://panel.test/x';
const at = new Date('2026-01-02T03:04:00Z');
const outage = { name, title: 'Power', containers: 2, texts: ['Closed as solved.', written('Delete')], link };
const lost = { name: 'web-1', newestAt: null, inDirectory: false, until: null };

/** Of each kind one, as it is made. */
const mails = [
  messages.firstLoginMail(to, name, link),
  messages.invitationMail(to, { by: 'Bob', account: 'Shop', staff: false, days: 7, link }),
  messages.resetMail(to, name, link),
  messages.passwordChangedMail(to, name),
  messages.factorOnMail(to, name),
  messages.factorOffMail(to, name, 'themselves'),
  messages.recoveryCodeUsedMail(to, name, 3),
  messages.passkeyMail(to, name, 'phone', 'added'),
  messages.passkeyMail(to, name, 'phone', 'removed'),
  messages.providerMail(to, name, 'Example ID', 'added'),
  messages.providerMail(to, name, 'Example ID', 'removed'),
  tickets.ticketMail(to, { name, number: 3, subject: 'slow', from: 'Bob', text: written('Delete'), link }),
  tickets.lateTicketMail(to, { name, number: 3, subject: 'slow', missed: 'its first answer', link }),
  tickets.outageMail(to, { ...outage, over: false }),
  tickets.outageMail(to, { ...outage, over: true }),
  messages.backupFailedMail(to, { name, container: 'web', problem: 'The server does not answer.', failures: 1, link }),
  messages.backupDamagedMail(to, { name, backups: [{ container: 'web', madeAt: at, missing: [] }], link }),
  messages.backupTestFailedMail(to, { name, container: 'web', madeAt: at, why: 'The server does not answer.', link }),
  messages.hostLostMail(to, { name, containers: [lost], link }),
  messages.releasedEarlyMail(to, name, 'web'),
];

it('a brand can put every mail but the word of an emergency access into its own words', () => {
  expect(mails.map(({ kind }) => kind)).toEqual(MailKind.options);
  const emergency = { name, staff: 'Bob', approvers: 'Cy', container: 'web', until: 'noon', reason: 'fire', link };
  expect(tickets.emergencyMail(to, emergency).kind).toBeUndefined();
});

it.each(mails.map((mail) => [mail.kind ?? '', mail] as const))('%s brings what its words stand for', (_, mail) => {
  const kind = MailKind.parse(mail.kind);
  const words = mailWords[kind];
  expect([...Object.keys(mail.facts ?? {}), 'product'].sort()).toEqual([...words].sort());
  // A template with all of them is taken, and nothing of it stays open: neither in a mail nor in its preview.
  const template = { subject: 'About', body: words.map((word) => `${word}: {{${word}}}`).join('\n') };
  refuseBadTemplates({ [kind]: template });
  for (const facts of [saidFacts('en', mail.facts ?? {}), sampleFacts]) {
    const { body } = fill(template, { ...facts, product: 'Cloud' });
    for (const word of words) expect(body).toMatch(new RegExp(`^${word}: .`, 'm'));
  }
});

it('what we say among the facts is in the reader’s language; what people wrote, and names, stay as they are', () => {
  const factsOf = (kind: MailKind) => saidFacts('de', mails.find((mail) => mail.kind === kind)?.facts ?? {});
  expect(factsOf('backup-failed').problem).toBe('Der Server antwortet nicht.');
  expect(factsOf('outage')).toMatchObject({ text: 'Als gelöst geschlossen.\n\nDelete', title: 'Power', count: '2' });
  expect(factsOf('ticket').text).toBe('Delete');
  for (const [kind, word] of [
    ['factor-off', 'change'],
    ['ticket-late', 'missed'],
    ['host-lost', 'containers'],
    ['backup-damaged', 'backups'],
    ['backup-test-failed', 'problem'],
  ] as const) {
    const english = saidFacts('en', mails.find((mail) => mail.kind === kind)?.facts ?? {});
    expect(factsOf(kind)[word], kind).not.toBe(english[word]);
  }
});
