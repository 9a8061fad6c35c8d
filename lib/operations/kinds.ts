import type { Permission } from '#lib/contract/permissions.ts';
import type { ContainerVerb, LockClass, OperationKind } from '#lib/contract/states.ts';
import type { QueueName } from '#lib/services.ts';

type Kind = {
  /** The right that asking for it needs; the worker checks it again before it begins. */
  permission: Permission;
  /** The row of the state table that must permit it; null: it is not about a container's state. */
  verb: ContainerVerb | null;
  lock: LockClass;
  queue: QueueName;
  /**
   * Two of these at once mean the same thing, so the second asker is told "already" and shown the first one. False
   * where the second carries other values.
   */
  sameAgain: boolean;
};

/** What each kind of operation needs before it may begin. */
export const kinds = {
  create: {
    permission: 'container.create',
    verb: null,
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  clone: {
    permission: 'container.clone',
    verb: null,
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  import: {
    permission: 'container.import',
    verb: null,
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  export: {
    permission: 'container.export',
    verb: 'export',
    lock: 'exclusive',
    queue: 'background',
    sameAgain: true,
  },
  undelete: {
    permission: 'container.undelete',
    verb: null,
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  start: {
    permission: 'container.start',
    verb: 'start',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  stop: { permission: 'container.stop', verb: 'stop', lock: 'exclusive', queue: 'interactive', sameAgain: true },
  restart: {
    permission: 'container.restart',
    verb: 'restart',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  kill: { permission: 'container.kill', verb: 'kill', lock: 'emergency', queue: 'interactive', sameAgain: true },
  delete: {
    permission: 'container.delete',
    verb: 'delete',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  backup: {
    permission: 'backup.create',
    verb: 'backup',
    lock: 'exclusive',
    queue: 'background',
    sameAgain: true,
  },
  restore: {
    permission: 'backup.restore',
    verb: 'restore',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  'restore-into': {
    permission: 'backup.restore-into',
    verb: 'restore',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: false,
  },
  'open-backup': {
    permission: 'file.read',
    verb: null,
    lock: 'background',
    queue: 'interactive',
    sameAgain: false,
  },
  'restore-files': {
    permission: 'backup.restore',
    verb: 'restore',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: false,
  },
  recover: {
    permission: 'file.change',
    verb: 'recover',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: false,
  },
  reinstall: {
    permission: 'container.reinstall',
    verb: 'reinstall',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  undo: { permission: 'operation.undo', verb: 'undo', lock: 'exclusive', queue: 'interactive', sameAgain: true },
  confirm: {
    permission: 'operation.confirm',
    verb: 'confirm',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  configure: {
    permission: 'container.configure',
    verb: 'configure',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: false,
  },
  access: {
    permission: 'container.access',
    verb: 'access',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: false,
  },
  'restart-policy': {
    permission: 'container.policy',
    verb: 'restart-policy',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: false,
  },
  forwards: {
    permission: 'container.forwards',
    verb: 'forwards',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: false,
  },
  'backup-delete': {
    permission: 'backup.delete',
    verb: null,
    lock: 'background',
    queue: 'background',
    sameAgain: true,
  },
  'backup-check': {
    permission: 'backup.test',
    verb: null,
    lock: 'background',
    queue: 'care',
    sameAgain: true,
  },
  'backup-test': {
    permission: 'backup.test',
    verb: null,
    lock: 'background',
    queue: 'care',
    sameAgain: true,
  },
  snapshot: {
    permission: 'snapshot.create',
    verb: 'snapshot',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  'snapshot-delete': {
    permission: 'snapshot.delete',
    verb: null,
    lock: 'background',
    queue: 'background',
    sameAgain: true,
  },
  rollback: {
    permission: 'snapshot.rollback',
    verb: 'rollback',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  repair: {
    permission: 'container.repair',
    verb: 'repair',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  'repair-finish': {
    permission: 'container.repair',
    verb: 'repair-finish',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  handover: {
    permission: 'handover.consent',
    verb: 'handover',
    lock: 'exclusive',
    queue: 'interactive',
    sameAgain: true,
  },
  'template-build': {
    permission: 'template.build',
    verb: null,
    lock: 'background',
    queue: 'background',
    sameAgain: true,
  },
} as const satisfies Record<OperationKind, Kind>;
