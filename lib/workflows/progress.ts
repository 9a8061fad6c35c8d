import type { ActionProgress } from '#lib/agent-client/actions.ts';
import type { OperationStep } from '#lib/contract/operations.ts';

const everyMs = 250;

export type Reporter = { progress(progress: ActionProgress): void; settled(): Promise<void> };
type Log = { warn(detail: Record<string, unknown>, message: string): void };

/**
 * Progress of one of the `parts` actions of a step: `write` is called with what the step says at most every 250 ms, and never holds the action
 * up. `settled` waits for the last one that has begun.
 */
export function createReporter(
  write: (patch: Pick<OperationStep, 'percent' | 'message' | 'deadline'>) => Promise<void>,
  { part, parts }: { part: number; parts: number },
  log: Log,
): Reporter {
  let last = 0;
  let writing: Promise<void> = Promise.resolve();
  let waiting: ActionProgress | null = null;
  let timer: NodeJS.Timeout | undefined;
  const begin = ({ percent, message, deadline }: ActionProgress) => {
    last = Date.now();
    const ofStep = percent === null ? null : ((part + percent / 100) / parts) * 100;
    writing = writing
      .then(() => write({ percent: ofStep, message, deadline }))
      .catch((err: unknown) => log.warn({ err }, 'progress was not written'));
  };
  return {
    progress(progress) {
      const dueMs = last + everyMs - Date.now();
      if (dueMs <= 0) return begin(progress);
      waiting = progress;
      timer ??= setTimeout(() => {
        timer = undefined;
        if (waiting !== null) begin(waiting);
        waiting = null;
      }, dueMs);
    },
    async settled() {
      clearTimeout(timer);
      await writing;
    },
  };
}
