import { z } from 'zod';
import { Id } from '#lib/contract/ids.ts';
import { keptExits } from '#lib/contract/restarts.ts';

/** 1 s, doubling to 5 min; after ten ends within half an hour a person has to look. */
export const usualRestarts = { firstDelayMs: 1000, longestDelayMs: 300_000, windowMs: 1_800_000, most: 10 };

/** `<agentDir>/config.json`. Written by set-up; `hostId` and the identity files by enrolment. */
export const AgentConfig = z.object({
  /** Two to four letters or digits; part of every host object's name, so that several agents live on one machine. */
  instance: z.string().regex(/^[a-z0-9]{2,4}$/),
  agentDir: z.string().startsWith('/'),
  /** A mounted file system of our own for layers, volumes and snapshots. */
  poolPath: z.string().startsWith('/'),
  /** How a container's part of the pool is kept apart: a file system image, or a directory with a project quota. Image when not said. */
  volumeDriver: z.enum(['image', 'project-quota']).optional(),
  /** Bytes below which create, snapshot and keep-old are refused. */
  poolReserveBytes: z
    .int()
    .nonnegative()
    .default(256 * 1024 * 1024),
  /** runc, criu, restic: `bin/`, `lib/`, `manifest.json`. */
  engineDir: z.string().startsWith('/'),
  listen: z.object({ host: z.string(), port: z.int().min(0).max(65535) }),
  /** Containers' network; its first address is the gateway. */
  subnet: z.cidrv4(),
  /** First id of the first container's range of 65,536. */
  idBase: z.int().min(1_879_048_192).max(4_294_901_760),
  /** Where port forwards listen; 0.0.0.0: on every address of the host. */
  forwardAddress: z.ipv4(),
  /** The name or address by which people reach them, where it is not that one. */
  forwardName: z.string().optional(),
  forwardPorts: z.object({ first: z.int(), last: z.int() }),
  /** Directory below which directory locations must lie. */
  backupRoot: z.string().startsWith('/'),
  /**
   * Networks that are not public and in which the provider's backup servers may stand all the same; also by plain http. A tenant's
   * own never may.
   */
  backupNetworks: z
    .array(z.union([z.cidrv4(), z.cidrv6()]))
    .max(50)
    .default([]),
  /** How long a directory for backups may take to answer before nobody waits for it any more. A minute when not said. */
  backupSilenceMs: z.int().positive().optional(),
  /** When a container that ends by itself is started again; see agent/reconcile/restarts.ts. */
  restarts: z
    .object({
      firstDelayMs: z.int().positive(),
      longestDelayMs: z.int().positive(),
      windowMs: z.int().positive(),
      most: z
        .int()
        .min(0)
        .max(keptExits - 1),
    })
    .default(usualRestarts),
  templateDir: z.string().startsWith('/').optional(),
  hostId: Id,
  identity: z.object({ certificate: z.string(), key: z.string(), ca: z.string() }),
  /** Ed25519 public keys (SPKI PEM files) of the two signers. */
  grantKeys: z.object({ web: z.string(), worker: z.string() }),
});
export type AgentConfig = z.infer<typeof AgentConfig>;
