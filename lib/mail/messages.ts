import type { Mail } from './outbox.ts';

export function resetMail(recipient: string, name: string, link: string): Mail {
  return {
    recipient,
    kind: 'reset',
    facts: { name, link },
    subject: 'Set a new password',
    body: [
      `Hello ${name},`,
      'somebody asked for a new password for your account. If it was you, open this link within an hour:',
      link,
      'If it was not you, do nothing: your password stays as it is.',
    ].join('\n\n'),
  };
}

export function firstLoginMail(recipient: string, name: string, link: string): Mail {
  return {
    recipient,
    kind: 'first-login',
    facts: { name, link },
    subject: 'Your account is ready',
    body: [
      `Hello ${name},`,
      'an account was made for you. Open this link within seven days to choose your password:',
      link,
    ].join('\n\n'),
  };
}

/** A scheduled backup failed: to the tenant after the first time, to the provider after the third. */
export function backupFailedMail(
  recipient: string,
  facts: { name: string; container: string; problem: string; failures: number; link: string },
): Mail {
  const times = facts.failures === 1 ? 'failed' : `has failed ${facts.failures} times in a row`;
  return {
    recipient,
    kind: 'backup-failed',
    facts: { name: facts.name, container: facts.container, problem: facts.problem, link: facts.link },
    subject: `The scheduled backup of ${facts.container} ${times}`,
    body: [
      `Hello ${facts.name},`,
      `the scheduled backup of ${facts.container} ${times}. The reason: ${facts.problem}`,
      'The backups that were there before are still there, and the next run tries again. See for yourself:',
      facts.link,
    ].join('\n\n'),
  };
}

export function passwordChangedMail(recipient: string, name: string): Mail {
  return {
    recipient,
    kind: 'password-changed',
    facts: { name },
    subject: 'Your password was changed',
    body: [
      `Hello ${name},`,
      'the password of your account was changed and your other sessions were ended.',
      'If it was not you, ask for a new password at the sign-in page at once.',
    ].join('\n\n'),
  };
}

/** Kept files went before their time. `container`: its name. */
export function releasedEarlyMail(recipient: string, name: string, container: string): Mail {
  return {
    recipient,
    kind: 'released-early',
    facts: { name, container },
    subject: `Files kept for undo were released: ${container}`,
    body: [
      `Hello ${name},`,
      `the server of your container "${container}" was almost out of storage. To keep it running, the files that an earlier restore, reinstall or undo had put aside were deleted before their time.`,
      'The container itself and its backups are as they were. What those files belonged to cannot be undone any more.',
    ].join('\n\n'),
  };
}

/** A host keeps another word of the audit record than the panel has. To the provider's administrators. */
export function auditBrokenMail(recipient: string, facts: { name: string; host: string; link: string }): Mail {
  return {
    recipient,
    subject: 'The audit record was changed or cut',
    body: [
      `Hello ${facts.name},`,
      `the host ${facts.host} keeps a signed statement of the audit record that the record in the database does not bear out any more. Entries were changed, removed or cut off there, or an older copy of the database was put in place.`,
      'If nobody restored a backup of the panel, take it for an intrusion. "Verify" on this page says which entries are concerned:',
      facts.link,
    ].join('\n\n'),
  };
}
