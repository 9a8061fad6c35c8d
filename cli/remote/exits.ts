import type { Problem } from '#clients/typescript/api.ts';

/** How `berth` ends when it asks a panel. Stable: scripts may depend on them (docs/cli.md). */
export const exits = {
  done: 0,
  /** Something that has no code of its own. */
  failed: 1,
  /** What was typed makes no sense. */
  usage: 2,
  /** Not signed in, or not any more. */
  signIn: 3,
  /** Not there, or not allowed. */
  notAllowed: 4,
  /** Refused as things are: busy, held, a limit, not valid. */
  refused: 5,
  /** The operation was waited for and did not succeed. */
  operation: 6,
  /** The panel or a server did not answer. */
  unreachable: 7,
  /** Ctrl-C while waiting; the operation goes on. 128 and the signal's number, as shells have it. */
  interrupted: 130,
} as const;

export class CliError extends Error {
  readonly exit: number;
  readonly remedy: string | undefined;
  readonly problem: Problem | undefined;
  constructor(exit: number, message: string, remedy?: string, problem?: Problem) {
    super(message);
    this.name = 'CliError';
    this.exit = exit;
    this.remedy = remedy;
    this.problem = problem;
  }
}

/** The end that a refusal of the panel means. */
export function exitOf({ status }: Pick<Problem, 'status'>): number {
  if (status === 401) return exits.signIn;
  if (status === 403 || status === 404) return exits.notAllowed;
  if (status === 503 || status === 504) return exits.unreachable;
  return status >= 500 && status !== 507 ? exits.failed : exits.refused;
}
