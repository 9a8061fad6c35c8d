/** Restore tests of backups, as the REST API takes and gives them. */
import { z } from 'zod';
import { actionVerbs } from './agent.ts';
import { Instant } from './ids.ts';
import { AroundCommands, InsideCommand } from './integrity.ts';

export const TestEvery = z.enum(['never', 'week', 'month']);
export type TestEvery = z.infer<typeof TestEvery>;

/** The proof of one test: how long what took, what its init and the probe said. */
export const TestReport = actionVerbs['backup.test'].result;
export type TestReport = z.infer<typeof TestReport>;

/** A probe has to end sooner than a person's patience with the whole test. */
const longestProbeMs = 300_000;
const Probe = InsideCommand.refine(({ timeoutMs }) => timeoutMs <= longestProbeMs, {
  path: ['timeoutMs'],
  error: 'A probe may take 300 seconds at most.',
});

export const BackupCare = z.object({
  testEvery: TestEvery,
  probe: InsideCommand.nullable(),
  /** Run inside around every backup of it. */
  commands: AroundCommands,
  nextTestAt: Instant.nullable(),
  /** The latest test of any of its backups. */
  last: z.object({ at: Instant, passed: z.boolean(), why: z.string().nullable() }).nullable(),
  failures: z.int(),
  problem: z.string().nullable(),
});
export type BackupCare = z.infer<typeof BackupCare>;

/** What is absent stays. */
export const SetBackupCare = z.strictObject({
  testEvery: TestEvery.optional(),
  probe: Probe.nullable().optional(),
  commands: AroundCommands.refine(
    ({ before, after }) => [before, after].every((one) => one === null || one.timeoutMs <= longestProbeMs),
    { error: 'A command may take 300 seconds at most.' },
  ).optional(),
});
export type SetBackupCare = z.infer<typeof SetBackupCare>;
