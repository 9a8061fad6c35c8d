/** Roles, what they may be given over, and what is said of who has them. */
import { z } from 'zod';
import { Email, Line } from './fields.ts';
import { Id, Instant } from './ids.ts';
import { Permission } from './permissions.ts';

/** The roles every installation has, the widest first. Which rights each has is in lib/access/policy.ts. */
export const Role = z.enum([
  'provider-admin',
  'host-operator',
  'support',
  'auditor',
  'reseller-owner',
  'reseller-staff',
  'tenant-owner',
  'tenant-operator',
  'tenant-backup',
  'tenant-viewer',
  'tenant-billing',
]);
export type Role = z.infer<typeof Role>;

/** What people call them, and a sentence each. */
export const roleWords = {
  'provider-admin': { title: 'Administrator', about: 'Runs the installation. Does not look inside containers.' },
  'host-operator': { title: 'Host operator', about: 'Looks after servers, templates and what runs on them.' },
  support: { title: 'Support', about: 'Helps with power and care of any container. Does not look inside.' },
  auditor: { title: 'Auditor', about: 'Reads all but what is inside containers. Changes nothing.' },
  'reseller-owner': { title: 'Reseller', about: 'Makes tenants and containers, and decides who of the reseller may.' },
  'reseller-staff': { title: 'Reseller staff', about: 'Helps the tenants of the reseller with power and care.' },
  'tenant-owner': {
    title: 'Owner',
    about: 'May do everything with the containers of the account, and says who else may.',
  },
  'tenant-operator': { title: 'Operator', about: 'Runs containers: power, console, files, backups. Destroys nothing.' },
  'tenant-backup': { title: 'Backups only', about: 'Makes backups and sees them. Nothing else.' },
  'tenant-viewer': { title: 'Viewer', about: 'Sees containers, backups and what happened. Changes nothing.' },
  'tenant-billing': { title: 'Billing', about: 'Sees which containers there are, and their plans.' },
} as const satisfies Record<Role, { title: string; about: string }>;

/** What a role is given over. `labels`: the containers of a tenant that carry one of these labels, as they do at that moment. */
export const ScopeKind = z.enum(['installation', 'reseller', 'tenant', 'labels', 'container']);
export type ScopeKind = z.infer<typeof ScopeKind>;

export const Label = z
  .string()
  .trim()
  .toLowerCase()
  .regex(/^[a-z0-9]([a-z0-9._-]{0,38}[a-z0-9])?$/, 'small letters, digits, dots, dashes; 40 at most');
export const Labels = z
  .array(Label)
  .max(20)
  .transform((labels) => [...new Set(labels)].sort());
/** One container's labels: some more, some fewer. Those that are on both lists are on it afterwards. */
export const ChangeLabels = z
  .strictObject({ add: Labels.default([]), remove: Labels.default([]) })
  .refine(({ add, remove }) => add.length + remove.length > 0, 'name a label to add or to remove');
export const LabelQuery = z.object({ tenantId: Id.optional() });
/** A label that is in use, and on how many of the containers one may see. */
export const LabelInUse = z.object({ label: z.string(), containers: z.int() });
export type LabelInUse = z.infer<typeof LabelInUse>;
export const SetLabels = z.strictObject({ labels: Labels });

/** A role of a person, and over what. */
export const Assignment = z.object({
  id: Id,
  /** The name of a built-in role, or the id of a custom one. */
  role: z.string(),
  title: z.string(),
  scope: ScopeKind,
  /** The reseller or tenant; null: the installation. */
  tenantId: Id.nullable(),
  tenantName: z.string().nullable(),
  labels: z.array(z.string()),
  containerId: Id.nullable(),
  containerName: z.string().nullable(),
});
export type Assignment = z.infer<typeof Assignment>;

/** A role as data: built in, or cloned from one that is with fewer rights. */
export const RoleInfo = z.object({
  role: z.string(),
  title: z.string(),
  about: z.string(),
  builtIn: z.boolean(),
  /** The built-in role it was cloned from; of a built-in one itself. */
  base: Role,
  /** Whose it is; null: built in, or the provider's. */
  tenantId: Id.nullable(),
  permissions: z.array(Permission),
});
export type RoleInfo = z.infer<typeof RoleInfo>;
/** A role as somebody can give it in one account, or not. */
export type RoleChoice = RoleInfo & {
  /** Over what it can be given; the first is all of the account. */
  scopes: readonly ScopeKind[];
  /** Rights in it that the giver lacks over all of the account. */
  lacks: readonly Permission[];
};
/** An account has so many of its own at most, as has the installation. */
export const mostRoles = 50;
export const CreateRole = z.strictObject({
  title: Line(60).min(1),
  about: Line(200).default(''),
  base: Role,
  permissions: z.array(Permission).min(1).max(200),
  /** The reseller or tenant whose role it will be; absent: the only one it can be. */
  tenantId: Id.optional(),
});

/** What is left out stays. Whoever has the role has the change from their next request. */
export const ChangeRole = z
  .strictObject({
    title: CreateRole.shape.title.optional(),
    about: Line(200).optional(),
    permissions: CreateRole.shape.permissions.optional(),
  })
  .refine((body) => Object.values(body).some((one) => one !== undefined), 'change something');
/** A custom role, and who would lose it. */
export const RoleDetail = RoleInfo.extend({
  holders: z.array(
    z.object({
      id: Id,
      name: z.string(),
      /** They have no other role anywhere: without this one they are out. */
      only: z.boolean(),
    }),
  ),
  /** Open invitations that would give it. */
  invitations: z.int(),
});
export type RoleDetail = z.infer<typeof RoleDetail>;

/** Who asks, with what rights, by which way in. */
export const WhoAmI = z.object({
  id: Id,
  kind: z.enum(['person', 'service']),
  name: z.string(),
  email: Email,
  role: Role.nullable(),
  tenantId: Id.nullable(),
  tenantName: z.string().nullable(),
  assignments: z.array(Assignment),
  /** Every right that is had over something. */
  permissions: z.array(Permission),
  via: z.enum(['session', 'token']),
  token: z
    .object({
      id: Id,
      name: z.string(),
      verbs: z.array(Permission).nullable(),
      containerIds: z.array(Id).nullable(),
      labels: z.array(z.string()).nullable(),
      addresses: z.array(z.string()).nullable(),
      brandId: Id.nullable(),
      expiresAt: Instant.nullable(),
    })
    .nullable(),
});
export type WhoAmI = z.infer<typeof WhoAmI>;

export const AccessQuery = z.object({ verb: Permission, container: Id });
/** "Why can't I?" */
export const Explanation = z.object({
  verb: Permission,
  about: z.string(),
  containerId: Id,
  containerName: z.string(),
  allowed: z.boolean(),
  /** What decides, a sentence each: the rights, then the holds, then the state. */
  reasons: z.array(z.object({ by: z.enum(['role', 'token', 'hold', 'state']), text: z.string() })),
  /** Built-in roles that would allow it. */
  roles: z.array(Role),
});
export type Explanation = z.infer<typeof Explanation>;
/** "Who can do this to that?" */
export const WhoCan = z.object({
  verb: Permission,
  containerId: Id,
  people: z.array(
    z.object({
      userId: Id,
      name: z.string(),
      email: Email,
      kind: z.enum(['person', 'service']),
      assignments: z.array(Assignment),
    }),
  ),
});
export type WhoCan = z.infer<typeof WhoCan>;
