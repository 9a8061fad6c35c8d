/** What the portal and the hosts say. Its places stand for whatever was put in: see translate.ts. */
import { accountProblems } from './account-problems.ts';
import { agents } from './agents.ts';
import { archives } from './archives.ts';
import { backupProblems } from './backup-problems.ts';
import { checks } from './checks.ts';
import { mails } from './mails.ts';
import { permissions } from './permissions.ts';
import { problems } from './problems.ts';
import { reference } from './reference.ts';
import { steps } from './steps.ts';
import { threads } from './threads.ts';
import { titles } from './titles.ts';

export const said = {
  ...accountProblems,
  ...agents,
  ...archives,
  ...backupProblems,
  ...checks,
  ...mails,
  ...permissions,
  ...problems,
  ...reference,
  ...steps,
  ...threads,
  ...titles,
} as const;
