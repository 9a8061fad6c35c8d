/**
 * What root of a host may ask its agent without the portal, over a unix socket that only root can open:
 *
 *   GET /local/status                     {@link LocalStatus}
 *   GET /local/containers                 array of {@link LocalContainer}
 *   GET /local/containers/:id/log?bytes=  text: last bytes of the boot log
 *   PUT /local/actions/:actionId          {@link LocalOrder} → the same stream as PUT /v1/actions
 *
 * Orders go through the same ledger and locks as the portal's. They run at the container's present generation and do not
 * raise it: what the portal decides afterwards is newer, and what it had begun before can still be ended or undone.
 */
import { z } from 'zod';
import { InventoryItem, LocalVerb } from './agent-state.ts';
import { Bytes, Id, Instant } from './ids.ts';

/** Below the agent's directory. */
export const localSocketPath = (agentDir: string) => `${agentDir}/run/local/agent.sock`;

export const LocalStatus = z.object({
  hostId: Id,
  instance: z.string(),
  pid: z.int(),
  startedAt: Instant,
  time: Instant,
  bootId: z.string(),
  simulated: z.boolean(),
  /** When the portal last asked anything of this agent; null: not since the agent started. */
  portalHeardAt: Instant.nullable(),
  containers: z.object({ total: z.int(), running: z.int() }),
  pool: z.object({ path: z.string(), sizeBytes: Bytes, usedBytes: Bytes, reserveBytes: Bytes }),
  /** Actions under way. */
  unfinished: z.int(),
  /** What was done here and the portal has not heard of yet. */
  untold: z.int(),
  /** Everything the agent keeps here, by id: what is not named is nobody's. */
  known: z.object({
    containers: z.array(Id),
    volumes: z.array(Id),
    snapshots: z.array(Id),
    interfaces: z.array(z.string()),
  }),
});
export type LocalStatus = z.infer<typeof LocalStatus>;

export const LocalContainer = InventoryItem.extend({
  name: z.string(),
  tenantId: Id,
  hostname: z.string(),
  /** Something is being done to it now. */
  busy: z.boolean(),
});
export type LocalContainer = z.infer<typeof LocalContainer>;

export const LocalOrder = z.strictObject({
  verb: LocalVerb,
  containerId: Id,
  args: z.record(z.string(), z.unknown()).default({}),
});
export type LocalOrder = z.infer<typeof LocalOrder>;
