import type { Role, ScopeKind } from '#lib/contract/roles.ts';
import type { Text } from '#lib/language/text.ts';

/** What somebody is let in as, most often: a role and what it is over, in words of everyday. */
export type Preset = { id: string; title: Text; about: Text; role: Role; scope: ScopeKind };

const people: readonly Preset[] = [
  {
    id: 'colleague',
    title: 'Colleague',
    about: 'Runs all containers day by day, and destroys nothing.',
    role: 'tenant-operator',
    scope: 'tenant',
  },
  {
    id: 'developer',
    title: 'Developer of one container',
    about: 'The same, for one container alone.',
    role: 'tenant-operator',
    scope: 'container',
  },
  {
    id: 'freelancer',
    title: 'Freelancer for a group',
    about: 'The same, for what carries a label.',
    role: 'tenant-operator',
    scope: 'labels',
  },
  {
    id: 'looks',
    title: 'Looks only',
    about: 'Sees everything, changes nothing.',
    role: 'tenant-viewer',
    scope: 'tenant',
  },
  {
    id: 'books',
    title: 'Bookkeeper',
    about: 'Sees what there is, and its plans.',
    role: 'tenant-billing',
    scope: 'tenant',
  },
  {
    id: 'owner',
    title: 'Second owner',
    about: 'May do everything you may, and let others in. Good to have: the last owner cannot go.',
    role: 'tenant-owner',
    scope: 'tenant',
  },
];
const programs: readonly Preset[] = [
  {
    id: 'monitor',
    title: 'Monitoring',
    about: 'Sees everything, changes nothing.',
    role: 'tenant-viewer',
    scope: 'tenant',
  },
  { id: 'backups', title: 'Backup job', about: 'Makes backups and sees them.', role: 'tenant-backup', scope: 'tenant' },
  {
    id: 'deploy',
    title: 'Deployment',
    about: 'Starts, stops and changes files of what carries a label.',
    role: 'tenant-operator',
    scope: 'labels',
  },
];
const staff: readonly Preset[] = [
  {
    id: 'staff',
    title: 'Colleague in support',
    about: 'Helps all tenants with power and care.',
    role: 'reseller-staff',
    scope: 'reseller',
  },
  {
    id: 'one',
    title: 'Colleague for one tenant',
    about: 'Helps one tenant alone with power and care.',
    role: 'reseller-staff',
    scope: 'tenant',
  },
  {
    id: 'reseller',
    title: 'Second reseller',
    about: 'May do everything you may, and let others in.',
    role: 'reseller-owner',
    scope: 'reseller',
  },
];
const provider: readonly Preset[] = [
  {
    id: 'support',
    title: 'Colleague in support',
    about: 'Helps all tenants with power and care.',
    role: 'support',
    scope: 'installation',
  },
  {
    id: 'one',
    title: 'Colleague for one tenant',
    about: 'Helps one tenant alone with power and care.',
    role: 'support',
    scope: 'tenant',
  },
  {
    id: 'administrator',
    title: 'Second administrator',
    about: 'May do everything you may, and let others in.',
    role: 'provider-admin',
    scope: 'installation',
  },
];

export function presetsFor(account: 'tenant' | 'reseller' | 'provider', who: 'person' | 'service'): readonly Preset[] {
  if (account === 'provider') return provider;
  if (account === 'reseller') return staff;
  return who === 'person' ? people : programs;
}
