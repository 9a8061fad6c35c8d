/** German: each text that there is in English, by that text. */
import { account } from './account.ts';
import { accountproblems } from './accountproblems.ts';
import { admin } from './admin.ts';
import { agents } from './agents.ts';
import { archives } from './archives.ts';
import { backupproblems } from './backupproblems.ts';
import { backups } from './backups.ts';
import { containerCare } from './container-care.ts';
import { containerDialogs } from './container-dialogs.ts';
import { checks } from './checks.ts';
import { containers } from './containers.ts';
import { files } from './files.ts';
import { frame } from './frame.ts';
import { hosts } from './hosts.ts';
import { mails } from './mails.ts';
import { people } from './people.ts';
import { permissions } from './permissions.ts';
import { problems } from './problems.ts';
import { reference } from './reference.ts';
import { resellers } from './resellers.ts';
import { steps } from './steps.ts';
import { threads } from './threads.ts';
import { tickets } from './tickets.ts';
import { titles } from './titles.ts';
import { words } from './words.ts';

export const german = {
  ...words,
  ...frame,
  ...containers,
  ...containerDialogs,
  ...containerCare,
  ...backups,
  ...files,
  ...account,
  ...people,
  ...admin,
  ...hosts,
  ...tickets,
  ...resellers,
  ...problems,
  ...permissions,
  ...steps,
  ...checks,
  ...titles,
  ...agents,
  ...archives,
  ...backupproblems,
  ...accountproblems,
  ...threads,
  ...reference,
  ...mails,
} as const;
