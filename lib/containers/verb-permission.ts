import type { Permission } from '#lib/contract/permissions.ts';
import type { ContainerVerb } from '#lib/contract/states.ts';
import { kinds } from '#lib/operations/kinds.ts';

/** The right each thing that is done to a container needs. */
export const verbPermission: Record<ContainerVerb, Permission> = {
  start: kinds.start.permission,
  stop: kinds.stop.permission,
  restart: kinds.restart.permission,
  kill: kinds.kill.permission,
  delete: kinds.delete.permission,
  backup: kinds.backup.permission,
  restore: kinds.restore.permission,
  recover: kinds.recover.permission,
  reinstall: kinds.reinstall.permission,
  snapshot: kinds.snapshot.permission,
  rollback: kinds.rollback.permission,
  repair: kinds.repair.permission,
  'repair-finish': kinds['repair-finish'].permission,
  clone: kinds.clone.permission,
  export: kinds.export.permission,
  undo: kinds.undo.permission,
  confirm: kinds.confirm.permission,
  configure: kinds.configure.permission,
  access: kinds.access.permission,
  'restart-policy': kinds['restart-policy'].permission,
  forwards: kinds.forwards.permission,
  handover: 'handover.offer',
  exec: 'container.exec',
  console: 'container.console',
  files: 'file.read',
};
