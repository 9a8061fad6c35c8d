/** Commands and consoles in a container, as an agent runs them. See agent.ts. */
import { z } from 'zod';

export const ExecRequest = z.strictObject({
  argv: z.array(z.string().max(131_072)).min(1).max(1024),
  timeoutMs: z.int().min(1).max(120_000).default(10_000),
});

/** Output is bounded at 1 MiB a stream; bytes that are not UTF-8 are replaced. A timed out command is killed: exitCode null. */
export const ExecResult = z.object({
  exitCode: z.int().nullable(),
  stdout: z.string(),
  stderr: z.string(),
  truncated: z.boolean(),
  timedOut: z.boolean(),
});
export type ExecResult = z.infer<typeof ExecResult>;

export const execOutputLimitBytes = 1024 * 1024;

/** Console WebSocket: binary frames are terminal bytes both ways; text frames are these. On attach the agent replays the scrollback. */
export const ConsoleControl = z.discriminatedUnion('type', [
  z.object({ type: z.literal('resize'), cols: z.int().min(2).max(1000), rows: z.int().min(2).max(1000) }),
  z.object({ type: z.literal('exit'), status: z.int().nullable() }),
]);
export type ConsoleControl = z.infer<typeof ConsoleControl>;
