import { utcMinute } from '../contract/moments.ts';
import { said } from './language.ts';
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
    ],
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
    ],
  };
}

/** Whoever opens the link gets the roles: it is good once. */
export function invitationMail(
  recipient: string,
  facts: { by: string; account: string; staff: boolean; days: number; link: string },
): Mail {
  return {
    recipient,
    kind: 'invitation',
    facts: { by: facts.by, account: facts.account, days: facts.days, link: facts.link },
    subject: `${facts.account}: you are invited`,
    body: [
      'Hello,',
      facts.staff
        ? `${facts.by} invites you to the staff of ${facts.account}. Open this link within ${facts.days} days to take it up:`
        : `${facts.by} invites you to the containers of ${facts.account}. Open this link within ${facts.days} days to take it up:`,
      facts.link,
      'If you do not know what this is about, do nothing.',
    ],
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
    facts: { name: facts.name, container: facts.container, problem: said(facts.problem), link: facts.link },
    subject: `The scheduled backup of ${facts.container} ${times}`,
    body: [
      `Hello ${facts.name},`,
      `the scheduled backup of ${facts.container} ${times}. The reason: ${facts.problem}`,
      'The backups that were there before are still there, and the next run tries again. See for yourself:',
      facts.link,
    ],
  };
}

/** `backups`: when each was made, and of which container. */
export function backupDamagedMail(
  recipient: string,
  facts: {
    name: string;
    backups: readonly { container: string; madeAt: Date; missing: readonly string[] }[];
    link: string;
  },
): Mail {
  const { backups } = facts;
  const list = backups.slice(0, 20).map(({ container, madeAt, missing }) => {
    const what =
      missing.length === 0 || missing[0] === '/' ? 'cannot be read' : `lacks ${missing.slice(0, 3).join(', ')}`;
    return `  ${container}, made ${utcMinute(madeAt)}: ${what}`;
  });
  const more = backups.length > list.length ? [`  and ${backups.length - list.length} more`] : [];
  const lines = [...list, ...more].join('\n');
  return {
    recipient,
    kind: 'backup-damaged',
    facts: { name: facts.name, backups: said(lines), link: facts.link },
    subject:
      backups.length === 1
        ? `A backup of ${backups[0]?.container} is damaged`
        : `${backups.length} backups are damaged`,
    body: [
      `Hello ${facts.name},`,
      'reading backups back has found damage at the place where they lie:',
      lines,
      'Your containers are not touched. Make a backup of each now: what the container still has is stored again, and the damaged backups become whole as far as that goes. See for yourself:',
      facts.link,
    ],
  };
}

/** A restore test of a backup was not passed. */
export function backupTestFailedMail(
  recipient: string,
  facts: { name: string; container: string; madeAt: Date; why: string; link: string },
): Mail {
  const made = utcMinute(facts.madeAt);
  return {
    recipient,
    kind: 'backup-test-failed',
    facts: { name: facts.name, container: facts.container, made, problem: said(facts.why), link: facts.link },
    subject: `A backup of ${facts.container} did not pass its restore test`,
    body: [
      `Hello ${facts.name},`,
      `the backup of ${facts.container} made ${made} was restored into a container of its own, to see whether it comes up. It did not: ${facts.why}`,
      'The container itself is not touched. What it printed, and what the test has found, is here:',
      facts.link,
    ],
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
    ],
  };
}

/** What was changed at the account's door; by the person, or by whoever has their session. */
export function factorOnMail(recipient: string, name: string): Mail {
  return {
    recipient,
    kind: 'factor-on',
    facts: { name },
    subject: 'Your sign-in asks for a code now',
    body: [
      `Hello ${name},`,
      'a second factor was set up for your account, and your other sessions were ended. From now on a sign-in needs your password and a code of your authenticator app.',
      'Keep the recovery codes that were shown where you find them without your phone.',
      'If it was not you, ask for a new password at the sign-in page at once, and then your provider for help.',
    ],
  };
}

/** `by`: who took it. Which administrator is in the record: a brand's people are not told names of the provider's. */
export function factorOffMail(recipient: string, name: string, by: 'themselves' | 'an administrator'): Mail {
  const what =
    by === 'themselves'
      ? 'codes of your authenticator app are asked for no more when you sign in.'
      : 'an administrator took the second factor of your account, as it is done when a phone is lost. You were signed out everywhere; a sign-in needs your password alone until you set up another.';
  return {
    recipient,
    kind: 'factor-off',
    facts: { name, change: said(what) },
    subject: 'Your sign-in asks for no code any more',
    body: [
      `Hello ${name},`,
      what,
      by === 'themselves'
        ? 'If it was not you, ask for a new password at the sign-in page at once, and set up the second factor again.'
        : 'If you did not ask for that, change your password now and tell your provider.',
    ],
  };
}

export function passkeyMail(recipient: string, name: string, passkey: string, what: 'added' | 'removed'): Mail {
  return {
    recipient,
    kind: `passkey-${what}`,
    facts: { name, passkey },
    subject: `A passkey was ${what}`,
    body: [
      `Hello ${name},`,
      what === 'added'
        ? `the passkey "${passkey}" was added to your account: it signs in without a password.`
        : `the passkey "${passkey}" was removed from your account: it signs in no more.`,
      'If it was not you, ask for a new password at the sign-in page at once, and look at the security page of your account.',
    ],
  };
}

export function providerMail(recipient: string, name: string, provider: string, what: 'added' | 'removed'): Mail {
  return {
    recipient,
    kind: `provider-${what}`,
    facts: { name, provider },
    subject: `Sign-in by ${provider} was ${what === 'added' ? 'connected' : 'disconnected'}`,
    body: [
      `Hello ${name},`,
      what === 'added'
        ? `from now on ${provider} signs you in: whoever is you there is you here.`
        : `from now on ${provider} does not sign you in any more.`,
      'If it was not you, ask for a new password at the sign-in page at once, and look at the security page of your account.',
    ],
  };
}

export function recoveryCodeUsedMail(recipient: string, name: string, left: number): Mail {
  return {
    recipient,
    kind: 'recovery-code-used',
    facts: { name, left },
    subject: 'A recovery code of yours was used',
    body: [
      `Hello ${name},`,
      `somebody used one of your recovery codes in place of a code of your authenticator app. ${left === 0 ? 'None is' : left === 1 ? 'One is' : `${left} are`} left.`,
      'If it was you, make new ones on the security page of your account when they run low. If it was not, change your password there at once and make new ones.',
    ],
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
    ],
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
    ],
  };
}

/** Containers were lost with their server. `newestAt`: of each, its newest backup; `until`: how long it can be had back from it. */
export function hostLostMail(
  recipient: string,
  facts: {
    name: string;
    /** `newestAt`: of the backups elsewhere; `inDirectory`: there are only others. */
    containers: readonly { name: string; newestAt: Date | null; inDirectory: boolean; until: Date | null }[];
    link: string;
  },
): Mail {
  const { containers } = facts;
  const list = containers
    .slice(0, 20)
    .map(({ name, newestAt, inDirectory, until }) =>
      newestAt === null || until === null
        ? inDirectory
          ? `  ${name}: its backups lay in a directory of that server, out of reach without it`
          : `  ${name}: there is no complete backup of it`
        : `  ${name}: from its backup of ${utcMinute(newestAt)}, until ${utcMinute(until)}`,
    );
  const more = containers.length > list.length ? [`  and ${containers.length - list.length} more`] : [];
  const lines = [...list, ...more].join('\n');
  return {
    recipient,
    kind: 'host-lost',
    facts: { name: facts.name, containers: said(lines), link: facts.link },
    subject:
      containers.length === 1
        ? `The server of ${containers[0]?.name} is lost`
        : `The server of ${containers.length} of your containers is lost`,
    body: [
      `Hello ${facts.name},`,
      'a server is gone and does not come back, and what was written there since the newest backup is gone with it. These containers can be had back on another server; each will have another address:',
      lines,
      'They are under “Recently deleted”, with a button for it:',
      facts.link,
    ],
  };
}
