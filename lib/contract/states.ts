import { z } from 'zod';
import { importedTemplate } from './transfers.ts';

/** What the kernel says of a container: its init lives, it does not, or nobody has said for too long. */
export const Power = z.enum(['running', 'stopped', 'starting', 'stopping']);
export type Power = z.infer<typeof Power>;

export const Desired = z.enum(['running', 'stopped']);
export type Desired = z.infer<typeof Desired>;

/** The state people see. Derived by {@link containerState}, never stored. */
export const ContainerState = z.enum([
  'creating',
  'stopped',
  'starting',
  'running',
  'stopping',
  'suspended',
  'restoring',
  'reinstalling',
  'repairing',
  'migrating',
  'deleting',
  'deleted',
  'unknown',
]);
export type ContainerState = z.infer<typeof ContainerState>;

export const OperationKind = z.enum([
  'create',
  'clone',
  'import',
  'export',
  'undelete',
  'start',
  'stop',
  'restart',
  'kill',
  'delete',
  'backup',
  'restore',
  'restore-into',
  'open-backup',
  'restore-files',
  'recover',
  'reinstall',
  'undo',
  'confirm',
  'configure',
  'access',
  'restart-policy',
  'forwards',
  'backup-delete',
  'backup-check',
  'backup-test',
  'snapshot',
  'snapshot-delete',
  'rollback',
  'repair',
  'repair-finish',
  'handover',
  'template-build',
]);
export type OperationKind = z.infer<typeof OperationKind>;

export const OperationState = z.enum(['queued', 'running', 'undoing', 'succeeded', 'failed', 'cancelled', 'stuck']);
export type OperationState = z.infer<typeof OperationState>;

/** Somebody works on it, or is about to. */
export const movingOperationStates = ['queued', 'running', 'undoing'] as const satisfies OperationState[];
/** An operation in one of these holds its lock. `stuck` holds it too: a person must look before anything else happens. */
export const activeOperationStates = [...movingOperationStates, 'stuck'] as const satisfies OperationState[];
export const finalOperationStates = ['succeeded', 'failed', 'cancelled'] as const satisfies OperationState[];

/**
 * exclusive: one per container. background: beside others. emergency: always accepted; asks the holder to cancel first.
 * A backup is exclusive only until its snapshot exists, then it turns into a background operation.
 */
export const LockClass = z.enum(['exclusive', 'background', 'emergency']);
export type LockClass = z.infer<typeof LockClass>;

/** What a person can do to a container: the operations on it and the direct ways in. */
export const ContainerVerb = z.enum([
  'start',
  'stop',
  'restart',
  'kill',
  'delete',
  'backup',
  'restore',
  'recover',
  'reinstall',
  'snapshot',
  'rollback',
  'repair',
  'repair-finish',
  'clone',
  'export',
  'undo',
  'confirm',
  'configure',
  'access',
  'restart-policy',
  'forwards',
  'handover',
  'exec',
  'console',
  'files',
]);
export type ContainerVerb = z.infer<typeof ContainerVerb>;

type Rule = { in: readonly ContainerState[]; lock: LockClass | 'none'; whileHeld: boolean };

const settled = ['running', 'stopped'] as const;

/**
 * What each state permits: the one table, used by the interface, the portal, the agent and the simulator.
 * `whileHeld` says whether a hold (billing, abuse …) leaves the verb allowed.
 */
export const permits = {
  start: { in: ['stopped'], lock: 'exclusive', whileHeld: false },
  stop: { in: ['running', 'starting', 'unknown'], lock: 'exclusive', whileHeld: true },
  restart: { in: ['running'], lock: 'exclusive', whileHeld: false },
  kill: {
    in: ['running', 'starting', 'stopping', 'restoring', 'reinstalling', 'repairing', 'unknown'],
    lock: 'emergency',
    whileHeld: true,
  },
  // Also where nothing is heard of it: its server may not have it any more, and deleting what is gone succeeds.
  delete: { in: ['running', 'stopped', 'suspended', 'unknown'], lock: 'exclusive', whileHeld: false },
  backup: { in: settled, lock: 'exclusive', whileHeld: true },
  restore: { in: settled, lock: 'exclusive', whileHeld: false },
  // In repair: the container's own files, which its rescue system has at /repair.
  recover: { in: [...settled, 'repairing'], lock: 'exclusive', whileHeld: false },
  reinstall: { in: settled, lock: 'exclusive', whileHeld: false },
  snapshot: { in: settled, lock: 'exclusive', whileHeld: true },
  rollback: { in: settled, lock: 'exclusive', whileHeld: false },
  repair: { in: settled, lock: 'exclusive', whileHeld: false },
  // Also after its rescue system has ended by itself. A hold does not keep anybody in repair.
  'repair-finish': { in: ['repairing'], lock: 'exclusive', whileHeld: true },
  // The lock is the copy's.
  clone: { in: settled, lock: 'none', whileHeld: false },
  // Exclusive until its snapshot exists, as a backup.
  export: { in: settled, lock: 'exclusive', whileHeld: false },
  undo: { in: settled, lock: 'exclusive', whileHeld: false },
  confirm: { in: [...settled, 'suspended'], lock: 'exclusive', whileHeld: true },
  configure: { in: settled, lock: 'exclusive', whileHeld: false },
  access: { in: settled, lock: 'exclusive', whileHeld: false },
  'restart-policy': { in: settled, lock: 'exclusive', whileHeld: false },
  forwards: { in: settled, lock: 'exclusive', whileHeld: false },
  // A hold stays with whom it is for: nothing that is held changes hands.
  handover: { in: settled, lock: 'exclusive', whileHeld: false },
  exec: { in: ['running', 'repairing'], lock: 'none', whileHeld: false },
  console: { in: ['running', 'repairing'], lock: 'none', whileHeld: false },
  // In repair: the container's own, which its rescue system has at /repair.
  files: { in: [...settled, 'repairing'], lock: 'none', whileHeld: false },
} as const satisfies Record<ContainerVerb, Rule>;

/** Word from a host older than this is not believed: the container is shown as `unknown` with its last state and age. */
export const observationLimitMs = 15_000;

/** While an operation of this kind runs, the container is in this state. Others leave the observed state standing. */
export const stateWhile: Partial<Record<OperationKind, ContainerState>> = {
  create: 'creating',
  clone: 'creating',
  import: 'creating',
  undelete: 'restoring',
  'restore-into': 'restoring',
  start: 'starting',
  stop: 'stopping',
  restart: 'starting',
  kill: 'stopping',
  delete: 'deleting',
  restore: 'restoring',
  reinstall: 'reinstalling',
  rollback: 'restoring',
  repair: 'repairing',
  'repair-finish': 'repairing',
  undo: 'restoring',
};

export type StateFacts = {
  /** Set once the container is gone. */
  deletedAt: string | null;
  /** Set once the host has made it. */
  createdOnHost: boolean;
  observedPower: Power | null;
  observedAt: string | null;
  holds: readonly { reason: string }[];
  /** A rescue system is in its place. */
  repair: boolean;
  /** The operation that holds the exclusive or emergency lock, if any and unless it is stuck: then nothing happens to the container. */
  activeKind: OperationKind | null;
};

/** The state people see. Pure: the same facts give the same answer everywhere; lists look for it by the same rule in SQL, `lib/containers/in-state.ts`. */
export function containerState(facts: StateFacts, nowMs: number): ContainerState {
  if (facts.deletedAt !== null) return 'deleted';
  const busy = facts.activeKind === null ? undefined : stateWhile[facts.activeKind];
  if (busy !== undefined) return busy;
  if (!facts.createdOnHost) return 'creating';
  if (facts.observedAt === null || facts.observedPower === null) return 'unknown';
  if (nowMs - Date.parse(facts.observedAt) > observationLimitMs) return 'unknown';
  if (facts.repair) return 'repairing';
  if (facts.observedPower === 'stopped' && facts.holds.length > 0) return 'suspended';
  return facts.observedPower;
}

const because: Record<ContainerState, string> = {
  creating: 'it is still being created',
  stopped: 'it is stopped',
  starting: 'it is starting',
  running: 'it is running',
  stopping: 'it is stopping',
  suspended: 'it is suspended',
  restoring: 'a restore is in progress',
  reinstalling: 'it is being reinstalled',
  repairing: 'it is in repair',
  migrating: 'it is moving to another server',
  deleting: 'it is being deleted',
  deleted: 'it no longer exists',
  unknown: 'its server does not answer',
};

const enabler: Partial<Record<ContainerState, string>> = {
  running: 'Stop it first.',
  stopped: 'Start it first.',
  repairing: 'Finish the repair first.',
  suspended: 'Ask for the hold to be lifted.',
  unknown: 'Try again when its server answers.',
  deleted: 'Bring it back from a backup first.',
};

const off = 'It does not run.';
/** Where the advice for the state is none for the verb: what is asked for is so already. */
const already: Partial<Record<ContainerVerb, Partial<Record<ContainerState, string>>>> = {
  start: { running: 'It runs already.' },
  stop: { stopped: off, suspended: off },
  kill: { stopped: off, suspended: off },
  'repair-finish': { running: 'It is in no repair.', stopped: 'It is in no repair.', suspended: 'It is in no repair.' },
};

export type Permission = { allowed: true } | { allowed: false; reason: string };

/** What needs a template of the container's own, which one that was made of an archive has not; and what helps instead. */
const needsTemplate = {
  repair:
    'It was imported and has no template: there is nothing to make a rescue system of. Restore a backup, roll back to a snapshot, or reinstall it from a template.',
  recover:
    'It was imported and has no template: there is nothing to compare its files with, or to put back. Restore files of a backup, or reinstall it from a template.',
} as const satisfies Partial<Record<ContainerVerb, string>>;

/** Why a container with this template cannot be asked for that; null: it can, as far as its template goes. */
export function wantsTemplate(verb: ContainerVerb, templateName: string): string | null {
  if (templateName !== importedTemplate) return null;
  return Object.hasOwn(needsTemplate, verb) ? needsTemplate[verb as keyof typeof needsTemplate] : null;
}

type Holds = readonly { reason: string }[];
export const heldReason = (holds: Holds): string =>
  `Not while there is a hold (${holds.map((hold) => hold.reason).join(', ')}).`;

/** Why holds keep a verb from being done; null: there are none, or they leave that allowed. */
export function heldFrom(verb: ContainerVerb, holds: Holds): string | null {
  return holds.length === 0 || permits[verb].whileHeld ? null : heldReason(holds);
}

/** Whether the template, the state and the holds allow a verb, and if not, why and what would enable it. Says nothing of a person's rights. */
export function permitted(
  verb: ContainerVerb,
  { state, holds, templateName }: { state: ContainerState; holds: Holds; templateName: string },
): Permission {
  const without = wantsTemplate(verb, templateName);
  if (without !== null) return { allowed: false, reason: without };
  const held = heldFrom(verb, holds);
  if (held !== null) return { allowed: false, reason: held };
  const rule: Rule = permits[verb];
  if (rule.in.includes(state)) return { allowed: true };
  const so = already[verb]?.[state];
  if (so !== undefined) return { allowed: false, reason: so };
  return { allowed: false, reason: `Not now: ${because[state]}. ${enabler[state] ?? 'Wait until that is done.'}` };
}
