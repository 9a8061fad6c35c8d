/** Whether backups are whole: what a check finds, and what a backup is said to be. */
import { z } from 'zod';

/** Everything at a location is read and compared once in so many days, a part of it each day. */
export const checkDays = 14;
/** A backup that nothing has looked at for so long is not called whole any more. */
export const wholeForDays = 2 * checkDays;

/** Kinds of files at a location. `copy`: one of those that are kept to put others back. */
export const FindingKind = z.enum(['config', 'key', 'index', 'snapshot', 'pack', 'layer', 'lock', 'copy']);

/**
 * A damaged file, and what came of it. `yes`: it is whole again. `next-backup`: what it held is taken out, and stored again by the next
 * backup of a container that still has it. `no`: there is no other copy.
 */
export const Finding = z.object({
  what: FindingKind,
  name: z.string().max(100),
  healed: z.enum(['yes', 'next-backup', 'no']),
});
export type Finding = z.infer<typeof Finding>;

/** At most so many names of what a backup lacks are told. */
export const toldMissing = 20;
/** At most so many findings of one check are told. */
export const toldFindings = 50;

/** whole: everything it needs was read and compared. damaged: something it needs is gone. unchecked: nobody has looked for long. */
export const BackupHealth = z.enum(['whole', 'damaged', 'unchecked']);
export type BackupHealth = z.infer<typeof BackupHealth>;

/** A program of the tenant's own that is run inside a container as root, without a shell, for so long at most. */
export const InsideCommand = z.strictObject({
  argv: z.array(z.string().min(1).max(4096)).min(1).max(64),
  timeoutMs: z.int().min(1000).max(600_000),
});
export type InsideCommand = z.infer<typeof InsideCommand>;

/** Of what a command prints, so much is kept: the end. */
export const keptOutputBytes = 4096;
/** What came of one. `exitCode` null: it did not end in time, or could not be run. */
export const CommandOutcome = z.object({
  exitCode: z.int().nullable(),
  timedOut: z.boolean(),
  output: z.string(),
  tookMs: z.int(),
});
export type CommandOutcome = z.infer<typeof CommandOutcome>;
/** The same without what it printed, which is the tenant's alone. */
export const CommandEnd = CommandOutcome.omit({ output: true });
export type CommandEnd = z.infer<typeof CommandEnd>;

/**
 * Run inside a container that runs, right before and right after its files are held still. `after` is run whatever happens in between.
 */
export const AroundCommands = z.strictObject({
  before: InsideCommand.nullable(),
  after: InsideCommand.nullable(),
  ifBeforeFails: z.enum(['fail', 'go-on']),
});
export type AroundCommands = z.infer<typeof AroundCommands>;
/** Null: there was none, or the container did not run. */
export const AroundOutcomes = z.object({ before: CommandOutcome.nullable(), after: CommandOutcome.nullable() });
export type AroundOutcomes = z.infer<typeof AroundOutcomes>;
