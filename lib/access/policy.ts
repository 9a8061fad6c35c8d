import type { Permission } from '../contract/permissions.ts';
import { Role, type ScopeKind } from '../contract/roles.ts';

/** Seeing what there is. Everybody of a tenant has these; "billing" sees containers and plans alone. */
const view: Permission[] = [
  'container.read',
  'backup.read',
  'location.read',
  'snapshot.read',
  'operation.read',
  'template.read',
  'plan.read',
  'event.read',
  'ticket.read',
  'outage.read',
];

const billing: Permission[] = [
  ...(['container.read', 'plan.read', 'template.read', 'event.read'] as const),
  ...(['ticket.read', 'outage.read'] as const),
];

const backup: Permission[] = [...view, 'backup.create', 'ticket.create'];

const operator: Permission[] = [
  ...backup,
  'container.start',
  'container.stop',
  'container.restart',
  'container.kill',
  'container.exec',
  'container.console',
  'container.log',
  'file.read',
  'file.change',
  'backup.test',
  'snapshot.create',
  'operation.cancel',
];

const owner: Permission[] = [
  ...operator,
  'container.clone',
  'container.import',
  'container.export',
  'container.undelete',
  'container.reinstall',
  'container.repair',
  'container.access',
  'container.policy',
  'container.forwards',
  'container.label',
  'backup.edit',
  'backup.configure',
  'backup.delete',
  'backup.restore',
  'backup.consent',
  'location.manage',
  'location.choose',
  'snapshot.delete',
  'snapshot.rollback',
  'operation.retry',
  'operation.undo',
  'operation.confirm',
  'audit.read',
  'member.read',
  'member.manage',
  'role.create',
  'access.consent',
  'webhook.read',
  'webhook.manage',
  'handover.read',
  'handover.offer',
  'handover.consent',
];

/** What staff of any kind may do to containers that are not theirs: power and care, never a look inside. */
const care: Permission[] = [
  ...view,
  'container.start',
  'container.stop',
  'container.restart',
  'container.kill',
  'container.policy',
  'backup.create',
  'operation.cancel',
  'operation.retry',
  'tenant.read',
  'audit.read',
  'member.read',
  'ticket.create',
  'ticket.handle',
  'access.request',
  'handover.read',
];

const reseller: Permission[] = [
  ...care,
  'container.create',
  'container.import',
  'container.delete',
  'container.undelete',
  'container.configure',
  'tenant.create',
  'member.manage',
  'role.create',
  'access.who',
  'hold.put',
  'hold.billing',
  'hold.reseller',
  'ticket.decide',
  'plan.create',
  'plan.edit',
  'reseller.read',
  'reseller.offer',
  'brand.read',
  'brand.change',
  'identity.manage',
  'billing.run',
  'handover.offer',
  'webhook.read',
  'webhook.manage',
];

const auditor: Permission[] = [
  ...view,
  'staff.read',
  'host.read',
  'tenant.read',
  'audit.read',
  'audit.verify',
  'dashboard.read',
  'member.read',
  'access.who',
  'handover.read',
];

const support: Permission[] = [...care, 'host.read', 'dashboard.read', 'operation.resolve', 'reseller.read'];

const hostOperator: Permission[] = [
  ...support,
  'container.configure',
  'template.build',
  'host.enroll',
  'orphan.decide',
  'outage.declare',
];

const admin: Permission[] = [
  ...hostOperator,
  'audit.verify',
  'container.create',
  'container.import',
  'container.delete',
  'container.undelete',
  'backup.restore-into',
  'host.lose',
  'plan.create',
  'plan.change',
  'location.manage',
  'location.choose',
  'tenant.create',
  'member.manage',
  'staff.read',
  'staff.manage',
  'role.create',
  'access.who',
  'hold.put',
  'hold.billing',
  'hold.abuse',
  'hold.provider',
  'ticket.decide',
  'access.emergency',
  'plan.edit',
  'reseller.create',
  'reseller.quota',
  'reseller.offer',
  'handover.offer',
  'brand.read',
  'brand.change',
  'webhook.read',
  'webhook.manage',
  'factor.reset',
  'security.policy',
  'identity.manage',
];

/** Policy as data: what each built-in role may do within its scope. A right that is not here is denied. */
export const policy = {
  'provider-admin': new Set(admin),
  'host-operator': new Set(hostOperator),
  support: new Set(support),
  auditor: new Set(auditor),
  'reseller-owner': new Set(reseller),
  'reseller-staff': new Set(care),
  'tenant-owner': new Set(owner),
  'tenant-operator': new Set(operator),
  'tenant-backup': new Set(backup),
  'tenant-viewer': new Set(view),
  'tenant-billing': new Set(billing),
} as const satisfies Record<Role, ReadonlySet<Permission>>;

/** Over what a role, or one cloned from it, may be given. The first is the whole of it. */
export const scopesOf = {
  'provider-admin': ['installation'],
  'host-operator': ['installation'],
  support: ['installation', 'reseller', 'tenant'],
  auditor: ['installation', 'reseller', 'tenant'],
  'reseller-owner': ['reseller'],
  'reseller-staff': ['reseller', 'tenant'],
  'tenant-owner': ['tenant', 'labels', 'container'],
  'tenant-operator': ['tenant', 'labels', 'container'],
  'tenant-backup': ['tenant', 'labels', 'container'],
  'tenant-viewer': ['tenant', 'labels', 'container'],
  'tenant-billing': ['tenant'],
} as const satisfies Record<Role, readonly ScopeKind[]>;

/** Rights about the installation itself: a role over less than all of it does not give them. */
export const wholeInstallation: ReadonlySet<Permission> = new Set<Permission>([
  'host.read',
  'host.enroll',
  'host.lose',
  'template.build',
  'plan.change',
  'reseller.create',
  'reseller.quota',
  'orphan.decide',
  'dashboard.read',
  'audit.verify',
  'backup.restore-into',
  'access.emergency',
  'outage.declare',
  'factor.reset',
  'security.policy',
  'staff.read',
  'staff.manage',
]);

/** What stays to a tenant's people while there is a hold: looking, asking for help, and who of the staff looks inside. */
export function reads(permission: Permission): boolean {
  return /\.(read|who|verify)$/.test(permission) || staysUnderHold.has(permission);
}
const staysUnderHold: ReadonlySet<Permission> = new Set<Permission>([
  'container.log',
  'ticket.create',
  'access.consent',
]);

/** Whose people have the role: those of the provider, of a reseller, or of a tenant. */
export function audienceOf(role: Role): 'provider' | 'reseller' | 'tenant' {
  if (role.startsWith('tenant-')) return 'tenant';
  return role.startsWith('reseller-') ? 'reseller' : 'provider';
}

/** The widest of several. */
export function widest(roles: readonly Role[]): Role | null {
  return Role.options.find((role) => roles.includes(role)) ?? null;
}
