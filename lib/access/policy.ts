import type { Permission } from '../contract/permissions.ts';
import type { Role } from '../contract/rest.ts';

const member: Permission[] = [
  'container.read',
  'container.start',
  'container.stop',
  'container.restart',
  'container.kill',
  'container.exec',
  'container.console',
  'container.log',
  'file.read',
  'file.change',
  'backup.read',
  'backup.create',
  'snapshot.read',
  'snapshot.create',
  'operation.read',
  'operation.cancel',
  'template.read',
  'plan.read',
  'event.read',
];

const owner: Permission[] = [
  ...member,
  'container.clone',
  'container.reinstall',
  'container.repair',
  'container.access',
  'container.policy',
  'container.forwards',
  'backup.edit',
  'backup.configure',
  'backup.delete',
  'backup.restore',
  'snapshot.delete',
  'snapshot.rollback',
  'operation.retry',
  'operation.undo',
  'operation.confirm',
  'audit.read',
];

/** What staff of any kind may do to containers that are not theirs: power and care, never a look inside. */
const care: Permission[] = [
  'container.read',
  'container.start',
  'container.stop',
  'container.restart',
  'container.kill',
  'container.policy',
  'backup.read',
  'backup.create',
  'snapshot.read',
  'operation.read',
  'operation.cancel',
  'operation.retry',
  'template.read',
  'plan.read',
  'tenant.read',
  'audit.read',
  'dashboard.read',
  'event.read',
];

const reseller: Permission[] = [
  ...care.filter((permission) => permission !== 'dashboard.read'),
  'container.create',
  'container.delete',
  'container.configure',
  'tenant.create',
];

const support: Permission[] = [...care, 'host.read', 'operation.resolve'];

const admin: Permission[] = [
  ...support,
  'audit.verify',
  'container.create',
  'container.delete',
  'container.configure',
  'template.build',
  'plan.create',
  'host.enroll',
  'orphan.decide',
  'tenant.create',
];

/** Policy as data: what each role may do within its scope. A right that is not here is denied. */
export const policy = {
  'provider-admin': new Set(admin),
  support: new Set(support),
  reseller: new Set(reseller),
  'tenant-owner': new Set(owner),
  'tenant-member': new Set(member),
} as const satisfies Record<Role, ReadonlySet<Permission>>;

/** How far a role reaches: over the whole installation, over a reseller's tenants, or over one tenant. */
export const reach = {
  'provider-admin': 'provider',
  support: 'provider',
  reseller: 'reseller',
  'tenant-owner': 'tenant',
  'tenant-member': 'tenant',
} as const satisfies Record<Role, 'provider' | 'reseller' | 'tenant'>;
