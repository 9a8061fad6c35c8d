import type { Permission } from '#lib/contract/permissions.ts';
import { type Text, t } from '#lib/language/text.ts';

/** A place in the panel, with the right that lets one see it. One who has not got it does not see the entry. */
export type Area = {
  href: string;
  /** In the reader's language. */
  name: string;
  icon:
    | 'containers'
    | 'backups'
    | 'activity'
    | 'account'
    | 'dashboard'
    | 'hosts'
    | 'operations'
    | 'tenants'
    | 'resellers'
    | 'brand'
    | 'plans'
    | 'templates'
    | 'audit'
    | 'help'
    | 'outages'
    | 'services'
    | 'offers'
    | 'security'
    | 'roles'
    | 'who';
  /** What else it is found by, in the reader's language. */
  words: string;
};
type Rule = Area & {
  name: Text;
  words: Text;
  needs: Permission | null;
  /** Who has this right has a page of their own instead. */
  without?: Permission;
  for: 'tenant' | 'staff' | 'all';
};

const rules: readonly Rule[] = [
  {
    href: '/reseller',
    name: 'Dashboard',
    icon: 'dashboard',
    words: 'quota usage failed tenants',
    needs: 'reseller.read',
    without: 'dashboard.read',
    for: 'staff',
  },
  {
    href: '/reseller/services',
    name: 'Services',
    icon: 'services',
    words: 'billing sold whmcs suspended terminated',
    needs: 'reseller.read',
    without: 'dashboard.read',
    for: 'staff',
  },
  {
    href: '/admin',
    name: 'Dashboard',
    icon: 'dashboard',
    words: 'problems broken affected',
    needs: 'dashboard.read',
    for: 'staff',
  },
  {
    href: '/admin/containers',
    name: 'Containers',
    icon: 'containers',
    words: 'all tenants create',
    needs: 'container.read',
    for: 'staff',
  },
  {
    href: '/admin/operations',
    name: 'Operations',
    icon: 'operations',
    words: 'stuck failed resolve',
    needs: 'operation.read',
    for: 'staff',
  },
  {
    href: '/admin/hosts',
    name: 'Hosts',
    icon: 'hosts',
    words: 'servers agents pool',
    needs: 'host.read',
    for: 'staff',
  },
  {
    href: '/admin/tickets',
    name: 'Tickets',
    icon: 'help',
    words: 'help support requests',
    needs: 'ticket.handle',
    for: 'staff',
  },
  {
    href: '/admin/outages',
    name: 'Outages',
    icon: 'outages',
    words: 'notices broken servers',
    needs: 'outage.read',
    for: 'staff',
  },
  { href: '/admin/tenants', name: 'Tenants', icon: 'tenants', words: 'customers', needs: 'tenant.read', for: 'staff' },
  {
    href: '/admin/resellers',
    name: 'Resellers',
    icon: 'resellers',
    words: 'quota partners',
    needs: 'reseller.quota',
    for: 'staff',
  },
  { href: '/admin/plans', name: 'Plans', icon: 'plans', words: 'resources limits', needs: 'plan.create', for: 'staff' },
  {
    href: '/admin/locations',
    name: 'Locations',
    icon: 'backups',
    words: 'backup locations bucket s3 rest',
    needs: 'location.manage',
    for: 'staff',
  },
  {
    href: '/admin/templates',
    name: 'Templates',
    icon: 'templates',
    words: 'images build layers',
    needs: 'template.build',
    for: 'staff',
  },
  {
    href: '/reseller/brand',
    name: 'Brand',
    icon: 'brand',
    words: 'name colours logo host names mails',
    needs: 'brand.change',
    without: 'dashboard.read',
    for: 'staff',
  },
  {
    href: '/reseller/team',
    name: 'Team',
    icon: 'tenants',
    words: 'people staff members invite roles',
    needs: 'member.read',
    without: 'dashboard.read',
    for: 'staff',
  },
  {
    href: '/admin/team',
    name: 'Team',
    icon: 'tenants',
    words: 'staff people administrators support invite roles',
    needs: 'staff.read',
    for: 'staff',
  },
  {
    href: '/admin/roles',
    name: 'Roles',
    icon: 'roles',
    words: 'rights permissions matrix',
    needs: 'dashboard.read',
    for: 'staff',
  },
  {
    href: '/admin/who',
    name: 'Who can',
    icon: 'who',
    words: 'rights access explain',
    needs: 'access.who',
    for: 'staff',
  },
  {
    href: '/admin/security',
    name: 'Security',
    icon: 'security',
    words: 'second factor policy sign-in',
    needs: 'security.policy',
    for: 'staff',
  },
  {
    href: '/admin/audit',
    name: 'Audit',
    icon: 'audit',
    words: 'who did what record',
    needs: 'audit.read',
    for: 'staff',
  },
  {
    href: '/containers',
    name: 'Containers',
    icon: 'containers',
    words: 'servers machines',
    needs: 'container.read',
    for: 'tenant',
  },
  { href: '/backups', name: 'Backups', icon: 'backups', words: 'restore copies', needs: 'backup.read', for: 'tenant' },
  {
    href: '/activity',
    name: 'Activity',
    icon: 'activity',
    words: 'operations history undo',
    needs: 'operation.read',
    for: 'tenant',
  },
  { href: '/help', name: 'Help', icon: 'help', words: 'tickets support ask', needs: 'ticket.read', for: 'tenant' },
  { href: '/audit', name: 'Audit', icon: 'audit', words: 'who did what record', needs: 'audit.read', for: 'tenant' },
  {
    href: '/team',
    name: 'Team',
    icon: 'tenants',
    words: 'people members invite roles',
    needs: 'member.read',
    for: 'tenant',
  },
  {
    href: '/offers',
    name: 'Offers',
    icon: 'offers',
    words: 'hand over container another account give take transfer',
    needs: 'handover.read',
    for: 'all',
  },
  {
    href: '/account',
    name: 'Account',
    icon: 'account',
    words: 'password sessions sign out security second factor',
    needs: null,
    for: 'all',
  },
];

/** The entries of the menu for one person, in order. `allowed` is the policy of lib/access. */
export function areasFor(staff: boolean, allowed: (permission: Permission) => boolean): Area[] {
  return rules
    .filter((rule) => rule.for === 'all' || (rule.for === 'staff') === staff)
    .filter((rule) => rule.without === undefined || !allowed(rule.without))
    .filter((rule) => rule.needs === null || allowed(rule.needs))
    .map(({ href, name, icon, words }) => ({ href, name: t(name), icon, words: t(words) }));
}

/** The entry a page belongs to: the longest address it begins with. */
export function areaOf(areas: readonly Area[], path: string): Area | null {
  const staffList = areas.find((area) => area.href === '/admin/containers');
  if (path.startsWith('/containers') && staffList !== undefined) return staffList;
  const found = areas.filter((area) => path === area.href || path.startsWith(`${area.href}/`));
  return found.sort((a, b) => b.href.length - a.href.length)[0] ?? null;
}
