import { z } from 'zod';

/** Every right there is, with a sentence for people. Which role has which is in lib/access. */
export const permissions = {
  'container.read': 'See containers and their usage',
  'container.create': 'Create containers',
  'container.delete': 'Delete containers',
  'container.start': 'Start containers',
  'container.stop': 'Stop containers',
  'container.restart': 'Restart containers',
  'container.kill': 'Kill containers',
  'container.reinstall': 'Reinstall containers',
  'container.access': 'Set ssh keys, root password and host name',
  'container.configure': 'Change what a container may use',
  'container.forwards': 'Change port forwards',
  'container.exec': 'Run commands inside',
  'container.console': 'Open a console',
  'container.log': 'Read the boot log',
  'backup.read': 'See backups',
  'backup.create': 'Make backups',
  'backup.delete': 'Delete backups',
  'backup.restore': 'Restore backups',
  'operation.read': 'See operations',
  'operation.cancel': 'Cancel operations',
  'operation.retry': 'Retry operations',
  'operation.undo': 'Undo operations',
  'operation.confirm': 'Release files kept for undo',
  'operation.resolve': 'Mark stuck operations as resolved',
  'template.read': 'See templates',
  'template.build': 'Build templates',
  'plan.read': 'See plans',
  'plan.create': 'Create plans',
  'host.read': 'See hosts',
  'host.enroll': 'Let hosts join',
  'orphan.decide': 'Adopt or ignore containers that only their host knows',
  'tenant.read': 'See tenants',
  'tenant.create': 'Create tenants',
  'audit.read': 'Read the audit record',
  'dashboard.read': 'See the state of the installation',
  'event.read': 'Receive live changes',
} as const;

export type Permission = keyof typeof permissions;
export const Permission = z.enum(Object.keys(permissions) as [Permission, ...Permission[]]);
