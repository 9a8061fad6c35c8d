import { join } from 'node:path';
import { BerthError } from '#lib/contract/errors.ts';
import { withMemoryFile } from '../sys/memory-file.ts';
import { CommandError, type RunOptions, type RunResult, run } from '../sys/process.ts';

const locked = 11;
const wrongPassword = 12;
const dayMs = 24 * 3_600_000;

/** `key`: which key file the password opens, where that is known: else restic tries one after the other. */
export type ResticOptions = RunOptions & { key?: string | undefined };
export type Restic = (
  repository: string,
  password: string,
  label: string,
  args: readonly string[],
  options?: ResticOptions,
) => Promise<RunResult>;

/**
 * Runs the bundle's restic. The password travels in a file in memory: arguments and environments are for all who list processes, and
 * stay in what is written about a crash. No cache: a directory is as near, and a cache would be one more copy of tenants' file names. A repository locked by something dead is
 * unlocked, one locked by something alive waited for. When its agent is killed restic is interrupted, takes its lock away and
 * ends; should it have missed that, it notices by SIGPIPE, for which progress is printed often.
 */
export function createRestic(engineDir: string, temporary: string): Restic {
  const program = join(engineDir, 'bin', 'restic');
  return async (repository, password, label, args, { key, ...options } = {}) => {
    const hint = key === undefined ? [] : ['--key-hint', key];
    const attempt = (label: string, args: readonly string[], options: RunOptions) =>
      withMemoryFile('BACKUP:PASSWORD', password, (file) =>
        run(label, [program, '--no-cache', '--repo', repository, '--password-file', file, ...hint, ...args], {
          timeoutMs: dayMs,
          whenOrphaned: 'SIGINT',
          ...options,
          env: { RESTIC_PROGRESS_FPS: '2', TMPDIR: temporary },
        }),
      );
    try {
      return await attempt(label, args, options).catch(async (error: unknown) => {
        if (!(error instanceof CommandError) || error.code !== locked) throw error;
        await attempt('BACKUP:UNLOCK', ['unlock'], {});
        return await attempt(label, ['--retry-lock', '10m', ...args], options);
      });
    } catch (error) {
      if (options.signal?.aborted) throw new BerthError('cancelled', undefined, { cause: error });
      if (error instanceof CommandError && error.code === wrongPassword)
        throw new BerthError('action_failed', "The backup location's repository has another password.", {
          cause: error,
        });
      throw error;
    }
  };
}
