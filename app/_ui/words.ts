import type { Container } from '#lib/contract/containers.ts';
import type { Operation } from '#lib/contract/operations.ts';
import {
  activeOperationStates,
  type ContainerState,
  type ContainerVerb,
  containerState,
  type OperationKind,
  type OperationState,
} from '#lib/contract/states.ts';
import { t } from '#lib/language/text.ts';

/** What a colour means; the same in every brand. */
export type Tone = 'good' | 'warn' | 'bad' | 'busy' | 'idle';

export const stateWords = {
  creating: { word: 'Creating', tone: 'busy' },
  stopped: { word: 'Stopped', tone: 'idle' },
  starting: { word: 'Starting', tone: 'busy' },
  running: { word: 'Running', tone: 'good' },
  stopping: { word: 'Stopping', tone: 'busy' },
  suspended: { word: 'Suspended', tone: 'bad' },
  restoring: { word: 'Restoring', tone: 'busy' },
  reinstalling: { word: 'Reinstalling', tone: 'busy' },
  repairing: { word: 'In repair', tone: 'warn' },
  migrating: { word: 'Moving', tone: 'busy' },
  deleting: { word: 'Deleting', tone: 'busy' },
  deleted: { word: 'Deleted', tone: 'idle' },
  unknown: { word: 'Unknown', tone: 'warn' },
} as const satisfies Record<ContainerState, { word: string; tone: Tone }>;

export const operationStateWords = {
  queued: { word: 'Waiting', tone: 'busy' },
  running: { word: 'Running', tone: 'busy' },
  undoing: { word: 'Undoing', tone: 'warn' },
  succeeded: { word: 'Done', tone: 'good' },
  failed: { word: 'Failed', tone: 'bad' },
  cancelled: { word: 'Cancelled', tone: 'idle' },
  stuck: { word: 'Stuck', tone: 'bad' },
} as const satisfies Record<OperationState, { word: string; tone: Tone }>;

/** Tables of words are English; who shows one says it with `t`. Noun: for lists and failures. Doing: while it runs. */
export const kindWords = {
  create: { noun: 'Create', doing: 'Creating', done: 'Created' },
  clone: { noun: 'Clone', doing: 'Cloning', done: 'Cloned' },
  import: { noun: 'Import', doing: 'Importing', done: 'Imported' },
  export: { noun: 'Export', doing: 'Exporting', done: 'Exported' },
  undelete: { noun: 'Return of a deleted container', doing: 'Bringing it back', done: 'Brought back' },
  start: { noun: 'Start', doing: 'Starting', done: 'Started' },
  stop: { noun: 'Stop', doing: 'Stopping', done: 'Stopped' },
  restart: { noun: 'Restart', doing: 'Restarting', done: 'Restarted' },
  kill: { noun: 'Kill', doing: 'Killing', done: 'Killed' },
  delete: { noun: 'Delete', doing: 'Deleting', done: 'Deleted' },
  backup: { noun: 'Backup', doing: 'Backing up', done: 'Backed up' },
  restore: { noun: 'Restore', doing: 'Restoring', done: 'Restored' },
  'restore-into': {
    noun: "Restore of another tenant's backup",
    doing: "Restoring another tenant's backup",
    done: "Another tenant's backup restored",
  },
  'open-backup': { noun: 'Look into a backup', doing: 'Opening a backup', done: 'Backup opened to look into' },
  recover: { noun: 'Recovery of files', doing: 'Putting system files back', done: 'System files put back' },
  'restore-files': { noun: 'Restore of files', doing: 'Restoring files', done: 'Files restored' },
  reinstall: { noun: 'Reinstall', doing: 'Reinstalling', done: 'Reinstalled' },
  undo: { noun: 'Undo', doing: 'Undoing', done: 'Undone' },
  confirm: { noun: 'Release of old files', doing: 'Releasing old files', done: 'Old files released' },
  configure: { noun: 'Change of plan', doing: 'Changing the plan', done: 'Plan changed' },
  access: { noun: 'Change of access', doing: 'Changing access', done: 'Access changed' },
  'restart-policy': {
    noun: 'Change of the restart policy',
    doing: 'Changing the restart policy',
    done: 'Restart policy changed',
  },
  forwards: { noun: 'Port forward', doing: 'Changing port forwards', done: 'Port forwards changed' },
  'backup-delete': { noun: 'Deletion of a backup', doing: 'Deleting a backup', done: 'Backup deleted' },
  'backup-check': { noun: 'Check of backups', doing: 'Reading backups back', done: 'Backups checked' },
  'backup-test': { noun: 'Restore test', doing: 'Testing a backup', done: 'Backup tested' },
  snapshot: { noun: 'Snapshot', doing: 'Taking a snapshot', done: 'Snapshot taken' },
  'snapshot-delete': { noun: 'Deletion of a snapshot', doing: 'Deleting a snapshot', done: 'Snapshot deleted' },
  rollback: { noun: 'Roll-back', doing: 'Rolling back', done: 'Rolled back' },
  repair: { noun: 'Repair', doing: 'Starting the rescue system', done: 'Rescue system started' },
  'repair-finish': { noun: 'End of the repair', doing: 'Ending the repair', done: 'Repair finished' },
  handover: { noun: 'Handover to another account', doing: 'Handing over', done: 'Handed over' },
  'template-build': { noun: 'Template build', doing: 'Building a template', done: 'Template built' },
} as const satisfies Record<OperationKind, { noun: string; doing: string; done: string }>;

export const verbWords = {
  start: 'Start',
  stop: 'Stop',
  restart: 'Restart',
  kill: 'Kill',
  delete: 'Delete',
  backup: 'Back up now',
  restore: 'Restore',
  recover: 'Recover files',
  reinstall: 'Reinstall',
  snapshot: 'Take a snapshot',
  rollback: 'Roll back',
  repair: 'Repair',
  'repair-finish': 'Finish repair',
  clone: 'Clone',
  export: 'Export',
  undo: 'Undo',
  confirm: 'Release old files',
  configure: 'Change plan',
  access: 'Change access',
  'restart-policy': 'Change the restart policy',
  forwards: 'Change port forwards',
  handover: 'Hand over to another account',
  exec: 'Run a command',
  console: 'Console',
  files: 'Files',
} as const satisfies Record<ContainerVerb, string>;

export function isActive(operation: Pick<Operation, 'state'>): boolean {
  return (activeOperationStates as readonly OperationState[]).includes(operation.state);
}

/** `Backing up`, `Backed up`, `Backup failed`: what one operation is at the moment. */
export function operationTitle(operation: Pick<Operation, 'kind' | 'state' | 'cancelRequested'>): string {
  const words = kindWords[operation.kind];
  const noun = t(words.noun);
  const doing = t(words.doing);
  switch (operation.state) {
    case 'queued':
      return operation.cancelRequested
        ? t('{noun} is about to be cancelled', { noun })
        : t('{noun} is waiting for its turn', { noun });
    case 'running':
      return operation.cancelRequested ? t('{doing}, about to be cancelled', { doing }) : doing;
    case 'undoing':
      return t('{noun}: putting things back as they were', { noun });
    case 'succeeded':
      return t(words.done);
    case 'failed':
      return t('{noun} failed', { noun });
    case 'cancelled':
      return t('{noun} cancelled', { noun });
    case 'stuck':
      return t('{noun} is stuck', { noun });
  }
}

/**
 * The state to show when an operation is known that the page's data does not have yet: its own busy state if it has
 * one (a backup has none), else what the page says.
 */
export function shownState(container: Pick<Container, 'state'>, live: Operation | null): ContainerState {
  if (live === null || !isActive(live) || live.state === 'stuck') return container.state;
  const observedAt = new Date().toISOString();
  const facts = {
    deletedAt: null,
    createdOnHost: true,
    observedPower: 'stopped',
    observedAt,
    holds: [],
    repair: false,
  } as const;
  const busy = containerState({ ...facts, activeKind: live.kind }, Date.parse(observedAt));
  return busy === 'stopped' ? container.state : busy;
}

/** The name of the step an operation is at, or null before and after. */
export function currentStep(operation: Operation): Operation['steps'][number] | null {
  return operation.steps.find((step) => step.state === 'running' || step.state === 'undoing') ?? null;
}

/** `by you`, `by schedule`, or the name of who asked. */
export function actorWords(operation: Pick<Operation, 'actor'>, myId: string | null): string {
  if (operation.actor.kind === 'schedule') return t('by schedule');
  if (operation.actor.kind === 'system') return t('by the system');
  return operation.actor.id !== null && operation.actor.id === myId
    ? t('by you')
    : t('by {name}', { name: operation.actor.name });
}
