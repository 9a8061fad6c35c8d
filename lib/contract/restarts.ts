/** How a container ended, what its host does then, and in which order containers come back after a boot of their host. */
import { z } from 'zod';
import { Instant } from './ids.ts';

/**
 * What happens when a container ends without having been asked to. A reboot inside always starts it again, for that is what
 * was asked for. `never`: it stays down. `on-failure`: started again unless it was shut down from inside. `always`:
 * started again after a shutdown from inside, too.
 */
export const RestartPolicy = z.enum(['never', 'on-failure', 'always']);
export type RestartPolicy = z.infer<typeof RestartPolicy>;

/** Higher starts earlier after a boot of the host. */
export const StartPriority = z.int().min(0).max(100);
export const normalStartPriority = 50;

/**
 * Why a run ended. stopped, killed: asked for. poweroff, reboot: from inside. crash: its init ended by itself, with `status`
 * (128 + n: by signal n). oom: the kernel killed init because memory ran out. host: the host went down. unseen: nobody saw
 * how.
 */
export const ExitCause = z.enum(['stopped', 'killed', 'poweroff', 'reboot', 'crash', 'oom', 'host', 'unseen']);
export type ExitCause = z.infer<typeof ExitCause>;

/** One end of a run. `ranSince`: when that run began, if it is known. */
export const Exit = z.object({
  cause: ExitCause,
  status: z.int(),
  at: Instant,
  ranSince: Instant.nullable().default(null),
});
export type Exit = z.infer<typeof Exit>;

/** So many ends of a container are remembered by its host and told to the portal. */
export const keptExits = 20;
export const toldExits = 5;

/**
 * How the host brings back a container that ended by itself. `counted` ends of the last `windowMs` weigh against the
 * container; after more than `limit` the host stops trying (`gaveUp`) until a person starts it. `nextAt`: when it will be
 * started again.
 */
export const Restarts = z.object({
  counted: z.int(),
  limit: z.int(),
  windowMs: z.int(),
  nextAt: Instant.nullable(),
  gaveUp: z.boolean(),
});
export type Restarts = z.infer<typeof Restarts>;
