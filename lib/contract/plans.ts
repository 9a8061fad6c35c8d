/** What a container may use. */
import { z } from 'zod';
import { Line, Resources } from './fields.ts';
import { Bytes, Id } from './ids.ts';
import { normalStartPriority, StartPriority } from './restarts.ts';
import { Every } from './schedules.ts';

export const Plan = z.object({
  id: Id,
  name: z.string(),
  /** Whose it is; null: the provider's. */
  resellerId: Id.nullable(),
  /** As people read it; may be empty. */
  price: z.string(),
  /** Nothing new is put on a plan that is not offered. */
  offered: z.boolean(),
  resources: Resources,
  /** Containers a tenant may have on this plan; null is no limit. */
  maxContainers: z.int().nullable(),
  maxBackups: z.int(),
  /** Snapshots a container may have; those the panel takes by itself do not count. */
  maxSnapshots: z.int(),
  /** What a container's backups may take at their location; null is no limit. */
  maxBackupBytes: Bytes.nullable(),
  /** Nothing is backed up by itself more often; null is never. */
  backupEvery: Every.nullable(),
  /** For so many days a deleted backup can be had back. */
  deletedBackupDays: z.int(),
  /** For so many days a deleted container can be had back from its backups. */
  deletedContainerDays: z.int(),
  maxForwards: z.int(),
  /** Names of the templates that tenants may reinstall with; empty: all. The one a container has is always among them. */
  templates: z.array(z.string()),
  /** How long a volume put aside by a restore or reinstall is kept. */
  retentionHours: z.int(),
  /** Containers of higher ones start earlier after a boot of their host. */
  startPriority: StartPriority,
  /** Where backups of its containers go; null: to the default location. */
  locationId: Id.nullable(),
  /** Targets of tickets about its containers; null: none. */
  firstAnswerMinutes: z.int().nullable(),
  solveMinutes: z.int().nullable(),
});
export type Plan = z.infer<typeof Plan>;

export const CreatePlan = z.strictObject({
  name: Line(60).min(1),
  /** For the provider: whose it is to be. A reseller's plans are its own. */
  resellerId: Id.nullable().default(null),
  price: Line(60).default(''),
  resources: Resources,
  maxContainers: z.int().min(1).max(1_000_000).nullable().default(null),
  maxBackups: z.int().min(0).max(1000).default(10),
  maxSnapshots: z.int().min(0).max(20).default(3),
  maxBackupBytes: Bytes.nullable().default(null),
  backupEvery: Every.nullable().default('hour'),
  deletedBackupDays: z.int().min(0).max(365).default(7),
  deletedContainerDays: z.int().min(0).max(365).default(14),
  maxForwards: z.int().min(0).max(200).default(10),
  templates: z.array(z.string().min(1).max(60)).max(100).default([]),
  retentionHours: z
    .int()
    .min(1)
    .max(24 * 30)
    .default(24),
  startPriority: StartPriority.default(normalStartPriority),
  locationId: Id.nullable().default(null),
  firstAnswerMinutes: z
    .int()
    .min(1)
    .max(60 * 24 * 30)
    .nullable()
    .default(null),
  solveMinutes: z
    .int()
    .min(1)
    .max(60 * 24 * 90)
    .nullable()
    .default(null),
});

export const EditPlan = z.strictObject({
  name: Line(60).min(1).optional(),
  price: Line(60).optional(),
  offered: z.boolean().optional(),
});
