import { BerthError } from '#lib/contract/errors.ts';
import { execOutputLimitBytes } from '#lib/contract/exec.ts';
import type { ContainerPlan, Runtime } from '../adapters.ts';
import { runBounded } from '../sys/bounded.ts';
import { onceId } from './paths.ts';
import type { Runc } from './runc.ts';

type Needs = {
  runc: Runc;
  bundle(containerId: string): string;
  isRunning(containerId: string): boolean;
  /** Sweeps what an interrupted run left; makes group and bundle. */
  prepare(plan: ContainerPlan, argv: readonly string[]): Promise<void>;
  kill(containerId: string): void;
  /** Removes all traces. */
  clear(containerId: string): Promise<void>;
};

/** {@link Runtime.runOnce}: a short-lived container of its own on the same root, without monitor, terminal or network. */
export function createOnce(needs: Needs): Runtime['runOnce'] {
  return async (plan, argv, options) => {
    const { containerId } = plan;
    if (needs.isRunning(containerId)) throw new BerthError('state', 'The container is running.');
    await needs.prepare(plan, argv);
    try {
      const result = await runBounded(
        'RUNTIME:ONCE',
        needs.runc.argv('run', '--bundle', needs.bundle(containerId), onceId(containerId)),
        {
          timeoutMs: options.timeoutMs,
          maxBytes: execOutputLimitBytes,
          ...(options.input === undefined ? {} : { input: options.input }),
          end: () => needs.kill(containerId),
        },
      );
      return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
    } finally {
      await needs.clear(containerId);
    }
  };
}
