/** German: each text that there is in English, by that text. */
import { account } from './account.ts';
import { admin } from './admin.ts';
import { backups } from './backups.ts';
import { containerCare } from './container-care.ts';
import { containerDialogs } from './container-dialogs.ts';
import { containers } from './containers.ts';
import { files } from './files.ts';
import { frame } from './frame.ts';
import { hosts } from './hosts.ts';
import { people } from './people.ts';
import { record } from './record.ts';
import { resellers } from './resellers.ts';
import { said } from './said/all.ts';
import { tickets } from './tickets.ts';
import { words } from './words.ts';

export const german = {
  ...account,
  ...admin,
  ...backups,
  ...containerCare,
  ...containerDialogs,
  ...containers,
  ...files,
  ...frame,
  ...hosts,
  ...people,
  ...record,
  ...resellers,
  ...tickets,
  ...words,
  ...said,
} as const;
