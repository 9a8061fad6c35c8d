/** Servers as the panel shows them; lost ones, and containers of theirs that the panel does not know. */
import { z } from 'zod';
import { ContainerName, Resources } from './fields.ts';
import { Bytes, Id, Instant } from './ids.ts';
import { NameQuery } from './lists.ts';
import { Power } from './states.ts';

export const Host = z.object({
  id: Id,
  name: z.string(),
  address: z.string(),
  health: z.enum(['ok', 'silent', 'enrolling', 'disabled', 'lost']),
  lastSeenAt: Instant.nullable(),
  /** Since when it counts as lost: nothing is put there until it is taken into use again. */
  lostAt: Instant.nullable(),
  kernel: z.string().nullable(),
  cpus: z.int().nullable(),
  memoryBytes: Bytes.nullable(),
  pool: z
    .object({ driver: z.string(), sizeBytes: Bytes, usedBytes: Bytes, reservedBytes: Bytes, reflinks: z.boolean() })
    .nullable(),
  engine: z.record(z.string(), z.string()),
  cgroups: z.enum(['v1', 'v2']).nullable(),
  simulated: z.boolean(),
  containers: z.int(),
  running: z.int(),
});
export type Host = z.infer<typeof Host>;

/** What writing a host off, or some of its containers, takes from each of them. */
export const LostContainer = z.object({
  id: Id,
  name: z.string(),
  tenantId: Id,
  tenantName: z.string(),
  /** The newest complete backup: what was written since is lost. Null: there is none, and nothing comes back. */
  newestBackupAt: Instant.nullable(),
  /** It lies in a directory, which may have been on the lost host's own disks. */
  inDirectory: z.boolean(),
  /** The newest complete one that is not in a directory. */
  newestElsewhereAt: Instant.nullable(),
  /** Lost whatever backups there are. */
  snapshots: z.int(),
  retained: z.int(),
  /** Said to be lost, and not yet among the deleted ones: what is under way on it has to end first. */
  pending: z.boolean(),
});
export type LostContainer = z.infer<typeof LostContainer>;

export const HostLoss = z.object({
  hostId: Id,
  hostName: z.string(),
  lastSeenAt: Instant.nullable(),
  /** Why it cannot be called lost now. */
  refusal: z.string().nullable(),
  containers: z.array(LostContainer),
});
export type HostLoss = z.infer<typeof HostLoss>;

/** The whole host, or only some of its containers. `name`: the host's, again, so that it is the right one. */
export const LoseHost = z.strictObject({
  name: z.string(),
  containerIds: z.array(Id).min(1).max(1000).optional(),
});

/** A container that its host has and the portal does not know; see `orphans` in lib/db/schema/hosts.ts. */
export const Orphan = z.object({
  /** The container's id on its host, and its id here once it is adopted. */
  id: Id,
  state: z.enum(['orphaned', 'ignored']),
  hostId: Id,
  hostName: z.string(),
  name: z.string(),
  hostname: z.string(),
  tenantId: Id,
  /** Null: the tenant is not known here either; adopting makes it anew under its old id. */
  tenantName: z.string().nullable(),
  /** A plan here with the very resources it has. */
  planId: Id.nullable(),
  power: Power,
  generation: z.int(),
  template: z.object({ name: z.string(), version: z.string() }),
  address: z.string(),
  resources: Resources,
  firstSeenAt: Instant,
});
export type Orphan = z.infer<typeof Orphan>;

export const AdoptOrphan = z.strictObject({ planId: Id, name: ContainerName.optional() });

export const IgnoreOrphan = z.strictObject({ ignored: z.boolean().default(true) });

export const HostQuery = NameQuery.extend({ state: Host.shape.health.optional() });
