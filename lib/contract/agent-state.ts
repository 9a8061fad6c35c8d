/** What an agent tells of itself, its host and its containers. See agent.ts. */
import { z } from 'zod';
import { Hostname, PortForward, Resources } from './fields.ts';
import { ActionId, Bytes, Digest, Id, Instant } from './ids.ts';
import { Exit, RestartPolicy, Restarts, toldExits } from './restarts.ts';
import { Desired, Power } from './states.ts';
import { TemplateRef } from './templates.ts';

/** So many {@link LocalDeed}s at most are told at a time; the rest follow when these are taken. */
export const mostDeeds = 50;

export const Health = z.object({
  ok: z.literal(true),
  hostId: Id,
  contract: z.int(),
  time: Instant,
  bootId: z.string(),
  /** When the host's certificate ends, and the serial of the grant keys it takes (0: those it joined with). */
  identity: z.object({ certificateEndsAt: Instant, grantKeysSerial: z.int() }).optional(),
});

export const Usage = z.object({
  /** Cumulative CPU time since start, and the share of one core over the last sample (1 = one core busy). */
  cpuSeconds: z.number(),
  cpuCores: z.number(),
  memoryBytes: Bytes,
  pids: z.int(),
  diskBytes: Bytes,
  inodes: z.int(),
  /** Cumulative since start, from the container's point of view. */
  receivedBytes: Bytes,
  sentBytes: Bytes,
});
export type Usage = z.infer<typeof Usage>;

export const InventoryItem = z.object({
  containerId: Id,
  generation: z.int(),
  desired: Desired,
  power: Power,
  /** Since when `power` holds, by the agent's clock. */
  since: Instant,
  /** Changes with every start of the container. */
  bootId: z.string().nullable(),
  address: z.ipv4(),
  lastExit: Exit.nullable(),
  /** The latest ends, newest first. */
  exits: z.array(Exit).max(toldExits).default([]),
  /** Null while nothing weighs against it. */
  restarts: Restarts.nullable().default(null),
  /** In repair: a rescue system runs in its place. */
  repair: z.object({ readOnly: z.boolean() }).nullable().default(null),
  usage: Usage.nullable(),
});
export type InventoryItem = z.infer<typeof InventoryItem>;

/** What may be done to a container on its host without the portal. */
export const LocalVerb = z.enum(['container.start', 'container.stop', 'container.kill', 'container.thaw']);
export type LocalVerb = z.infer<typeof LocalVerb>;

/**
 * What root of the host did to a container without the portal. Told in every inventory, oldest first, until the portal says
 * by `local.told` that it has it.
 */
export const LocalDeed = z.object({
  actionId: ActionId,
  verb: LocalVerb,
  containerId: Id,
  /** `host root`, with the person's login name when the kernel knows it. */
  actor: z.string().max(100),
  startedAt: Instant,
  endedAt: Instant,
  outcome: z.enum(['succeeded', 'failed', 'interrupted']),
  /** Why it failed, in the agent's outside words. */
  error: z.string().max(500).nullable(),
});
export type LocalDeed = z.infer<typeof LocalDeed>;

export const Inventory = z.object({
  time: Instant,
  bootId: z.string(),
  containers: z.array(InventoryItem),
  /** Agents of before this field have none. */
  deeds: z.array(LocalDeed).max(mostDeeds).default([]),
});
export type Inventory = z.infer<typeof Inventory>;

/** What a host's own records say of a container: enough to take it into a portal that knows nothing or too little of it. */
export const HostRecord = z.object({
  containerId: Id,
  tenantId: Id,
  generation: z.int(),
  name: z.string(),
  hostname: Hostname,
  desired: Desired,
  address: z.ipv4(),
  idBase: z.int(),
  volumeId: Id,
  template: TemplateRef,
  resources: Resources,
  restartPolicy: RestartPolicy.default('on-failure'),
  forwards: z.array(PortForward),
  /** Put aside by swaps and still there. */
  retainedVolumeIds: z.array(Id),
});
export type HostRecord = z.infer<typeof HostRecord>;

export const HostRecords = z.object({ containers: z.array(HostRecord) });
export type HostRecords = z.infer<typeof HostRecords>;

export const HostInfo = z.object({
  hostId: Id,
  hostname: z.string(),
  kernel: z.string(),
  cpus: z.int(),
  memoryBytes: Bytes,
  pool: z.object({
    driver: z.string(),
    path: z.string(),
    sizeBytes: Bytes,
    usedBytes: Bytes,
    reservedBytes: Bytes,
    /** Below so much really free, nothing new begins. */
    keptFreeBytes: Bytes.default(0),
    reflinks: z.boolean(),
  }),
  cgroups: z.enum(['v1', 'v2']),
  engine: z.record(z.string(), z.string()),
  /** Where people reach port forwards: an address or a name. */
  forwardAddress: z.string(),
  forwardPorts: z.object({ first: z.int(), last: z.int() }),
  layers: z.array(z.object({ digest: Digest, bytes: Bytes })),
  simulated: z.boolean(),
});
export type HostInfo = z.infer<typeof HostInfo>;
