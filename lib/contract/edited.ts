import type { z } from 'zod';
import type { BackupCare } from './backup-care.ts';
import type { Backup, BackupSettings } from './backups.ts';
import type { SetBrand } from './brands.ts';
import type { Container } from './containers.ts';
import type { AccountSecurity, SecurityPolicy } from './factors.ts';
import type { IdentityProvider } from './identity.ts';
import type { BackupLocation } from './locations.ts';
import type { Member } from './members.ts';
import type { Plan } from './plans.ts';
import type { QuotaState } from './resellers.ts';
import type { RoleInfo } from './roles.ts';
import type { BackupSchedule } from './schedules.ts';
import type { Webhook } from './webhooks.ts';

/** What people edit of each kind of thing; what changes by itself is left out. */
export const edited = {
  quota: ['quota', 'offeredTemplateIds'] satisfies (keyof QuotaState)[],
  brand: [
    'productName',
    'supportUrl',
    'legalUrl',
    'signInText',
    'colours',
    'sender',
    'mails',
    'language',
  ] satisfies (keyof SetBrand)[],
  schedule: ['enabled', 'every', 'time', 'weekday', 'monthDay', 'zone', 'keep'] satisfies (keyof BackupSchedule)[],
  settings: ['atLimit', 'deletedDays'] satisfies (keyof BackupSettings)[],
  care: ['testEvery', 'probe', 'commands'] satisfies (keyof BackupCare)[],
  container: [
    ...(['name', 'hostname', 'planId', 'resources', 'labels', 'sshKeys', 'restartPolicy', 'template'] as const),
    ...(['forwards', 'locationId', 'deleted'] as const),
  ] satisfies (keyof Container)[],
  backup: ['name', 'note', 'protected', 'state'] satisfies (keyof Backup)[],
  plan: ['name', 'price', 'offered', 'locationId'] satisfies (keyof Plan)[],
  location: ['name', 'address', 'hasCredentials', 'appendOnly'] satisfies (keyof BackupLocation)[],
  webhook: ['url', 'events', 'enabled', 'problem'] satisfies (keyof Webhook)[],
  member: ['state', 'assignments'] satisfies (keyof Member)[],
  role: ['title', 'about', 'permissions'] satisfies (keyof RoleInfo)[],
  accountSecurity: ['requireFactor'] satisfies (keyof z.infer<typeof AccountSecurity>)[],
  identityProvider: [
    ...(['name', 'clientId', 'scopes', 'groupsClaim', 'mappings', 'unknownPeople', 'linkByEmail'] as const),
    ...(['exclusive', 'trustedFactors', 'privateNetwork', 'enabled'] as const),
  ] satisfies (keyof IdentityProvider)[],
  securityPolicy: ['factorRoles'] satisfies (keyof z.infer<typeof SecurityPolicy>)[],
} as const;
export type Edited = keyof typeof edited;
