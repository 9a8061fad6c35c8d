import { type MailKind, type MailTemplate, mailWords } from '../contract/brands.ts';
import { BerthError } from '../contract/errors.ts';

const word = /\{\{\s*([a-z]+)\s*\}\}/g;

/** Refuses templates with words that the mail does not have, or without the link that it is sent for. */
export function refuseBadTemplates(mails: Partial<Record<MailKind, MailTemplate>>): void {
  const issues: { path: string; message: string }[] = [];
  for (const [kind, template] of Object.entries(mails) as [MailKind, MailTemplate][]) {
    const known = mailWords[kind];
    for (const part of ['subject', 'body'] as const) {
      for (const [, name = ''] of template[part].matchAll(word)) {
        if (known.includes(name)) continue;
        issues.push({ path: `mails.${kind}.${part}`, message: `has no {{${name}}}; there are ${known.join(', ')}` });
      }
    }
    if (known.includes('link') && !/\{\{\s*link\s*\}\}/.test(template.body)) {
      issues.push({ path: `mails.${kind}.body`, message: 'must have {{link}}: the mail is sent for it' });
    }
  }
  if (issues.length > 0) throw new BerthError('invalid', 'A mail would not say what it has to.', { issues });
}

/** Puts facts in place of words, once: a name that looks like a word stays a name. A subject stays one line. */
export function fill(
  { subject, body }: MailTemplate,
  facts: Record<string, string>,
): { subject: string; body: string } {
  const put = (text: string) => text.replace(word, (_, name: string) => facts[name] ?? '');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this replaces
  return { subject: put(subject).replace(/[\u0000-\u001f\u007f]+/g, ' '), body: put(body) };
}

/** What a preview is filled with. */
export const sampleFacts: Record<string, string> = {
  account: 'Example Ltd',
  backups: '  web-1, made 2026-03-01 04:10 UTC: cannot be read',
  by: 'Bob Example',
  change: 'codes of your authenticator app are asked for no more when you sign in.',
  container: 'web-1',
  containers: '  web-1: from its backup of 2026-03-01 04:10 UTC, until 2026-03-31 04:10 UTC',
  count: '2',
  days: '7',
  from: 'Bob Example',
  left: '7',
  link: 'https://panel.example.net/reset?token=…',
  made: '2026-03-01 04:10 UTC',
  missed: 'its first answer',
  name: 'Ann Example',
  number: '17',
  passkey: 'phone',
  problem: 'the server was not reached',
  provider: 'Example ID',
  subject: 'shop',
  text: '…',
  title: 'power',
};
