/**
 * What the actions need from a machine. The real adapters (layers/ volumes/ rootfs/ runtime/ … ) implement these against the
 * kernel, agent/sim implements them in memory; actions, ledger, reconcile and HTTP are the same above both.
 *
 * Rules for every method: safe to repeat; after a crash in the middle, repeating it or undoing it (unmount, delete, remove)
 * leaves nothing behind; what is asked to be gone and is gone already is success. Ids are UUIDs, sizes bytes, paths absolute.
 */
import type { z } from 'zod';
import type { BackupLocation } from '#lib/contract/agent-backups.ts';
import type { HostInfo, Usage } from '#lib/contract/agent-state.ts';
import type { ErrorCode } from '#lib/contract/errors.ts';
import type { PortForward, Resources } from '#lib/contract/fields.ts';
import type { FileCall, Recover, RestoreOrder } from '#lib/contract/files.ts';
import type { Digest } from '#lib/contract/ids.ts';
import type { Finding } from '#lib/contract/integrity.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';
import type { PackOrder, UnpackOrder } from '#lib/contract/transfers.ts';

/** Told how far long work is; `percent` null when unknown. */
export type Progress = (message: string, percent: number | null, deadline?: Date) => void;

export interface Layers {
  list(): { digest: Digest; bytes: number }[];
  has(digest: Digest): boolean;
  /** The image file of a layer the host holds. */
  file(digest: Digest): string;
  /**
   * Turns a directory tree into a layer: same tree, same digest. Ids on disk stay as they are. A layer that the host had counts as one
   * that it has since now.
   */
  importTree(directory: string): Promise<{ digest: Digest; bytes: number }>;
  /** Copies an image in, refusing it unless its content has the digest. */
  importFile(file: string, digest: Digest): Promise<void>;
  /** Mounts a layer read-only, nosuid, nodev, once per host, verified against its digest the first time after boot; returns where. */
  mount(digest: Digest): Promise<string>;
  /** Unmounts layers that `keep` does not name. */
  unmountExcept(keep: ReadonlySet<Digest>): Promise<void>;
  /**
   * Removes a layer with its mount; gives the bytes freed. `stays` is asked with the time since which the host has it, also right
   * before its file goes, with nothing in between; where it says so the layer stays, and the answer is null.
   */
  remove(digest: Digest, stays?: (since: Date) => boolean): Promise<number | null>;
}

export interface Volumes {
  /** A new quota-limited file system with empty `upper/` and `work/`. */
  create(volumeId: string, size: { bytes: number; inodes: number }): Promise<void>;
  /**
   * A new volume with all that a snapshot holds, sharing its blocks where the pool can. `sizeBytes`: the size it has, which may be
   * that of the snapshot's own volume; {@link resize} gives it another.
   */
  createFrom(
    volumeId: string,
    snapshotId: string,
    size: { bytes: number; inodes: number },
  ): Promise<{ sizeBytes: number }>;
  /** nosuid,nodev on the host; returns the mount point. */
  mount(volumeId: string): Promise<string>;
  unmount(volumeId: string): Promise<void>;
  delete(volumeId: string): Promise<void>;
  /** Grows or shrinks; false when that has to wait until the volume is not mounted. */
  resize(volumeId: string, size: { bytes: number }): Promise<boolean>;
  /** Everything on disk, known to the database or not. */
  listVolumes(): string[];
  listMounted(): string[];
  listSnapshots(): string[];
  usage(volumeId: string): { bytes: number; inodes: number } | null;
  /** Bytes really allocated in the pool, for retained volumes. */
  allocatedBytes(volumeId: string): number;
  snapshot(volumeId: string, snapshotId: string): Promise<{ freezeMs: number; bytes: number }>;
  /** Read-only at a path that depends on the container alone, so that increments work; returns it. */
  mountSnapshot(snapshotId: string, containerId: string): Promise<string>;
  unmountSnapshot(containerId: string): Promise<void>;
  deleteSnapshot(snapshotId: string): Promise<void>;
  /** Lets a volume that something left frozen go on; false when it was not frozen or is not mounted. Waits for nobody. */
  thaw(volumeId: string): boolean;
  pool(): HostInfo['pool'];
  /**
   * Thaws and unmounts whatever a dead agent left half-done among volumes and snapshots not in `keepMounted`. Gives what resisted: a
   * disk that fails, or somebody who stands in a volume, is no reason to leave the others.
   */
  recover(keepMounted: ReadonlySet<string>): Promise<unknown[]>;
}

export type RootPlan = {
  containerId: string;
  idBase: number;
  /** Mounted layers, lowest first. */
  layers: readonly string[];
  /** Mounted volume. */
  volume: string;
};
export interface Roots {
  /** Idmapped overlay, checked writable; returns where. A second mount of the same volume is refused. `readOnly` needs no upper lock: for /old. */
  mount(plan: RootPlan): Promise<string>;
  mountReadOnly(plan: RootPlan, purpose: 'old'): Promise<string>;
  /** The container's own tree for a rescue system to work on: nosuid, beside its root. Without `readOnly` it may be written. */
  mountRepair(plan: RootPlan, options: { readOnly: boolean }): Promise<string>;
  /**
   * A backup's system, read-only: its private area at `upper` over the layers (lowest first). With the ids that are in it, and behind
   * directories of the host's root: for confined readers alone.
   */
  mountBackup(plan: { backupId: string; upper: string; layers: readonly string[] }): Promise<string>;
  unmountBackup(backupId: string): Promise<void>;
  /** A dead agent's too. */
  listBackups(): string[];
  /** All that is mounted for it. */
  unmount(containerId: string): Promise<void>;
  listMounted(): string[];
}

export type ContainerPlan = {
  containerId: string;
  hostname: string;
  idBase: number;
  /** Mounted root, and the read-only tree to show at /old, if any. */
  root: string;
  old: string | null;
  /** The real files, to be shown at /repair, while a rescue system runs. */
  repair?: { path: string; readOnly: boolean };
  init: TemplateRef['init'];
  resources: Resources;
  /** What the network adapter wants run at create and restore, and the files it wants seen inside. */
  network: { hookPath: string; hookArgs: readonly string[]; resolvConf: string };
};
/**
 * How a run ended. `status`: exit status of init, 128 + n when signal n ended it; null when nobody saw the end. `oom`: the kernel
 * killed init because memory ran out. `killed`: we killed it.
 */
export type ExitWord = { status: number | null; at: Date; oom: boolean; killed: boolean; ranSince: Date | null };
export interface Runtime {
  /** What all containers share: starts it unless it runs. Never fails for want of something a container can do without. */
  prepareHost(): Promise<void>;
  /** Writes the bundle, starts monitor and init. Returns when init has been started. */
  start(plan: ContainerPlan): Promise<void>;
  /** Cheap; reads pid and exit files, never spawns. `exit` is the last one's, also after an agent restart. */
  state(containerId: string): { running: boolean; pid: number | null; startedAt: Date | null; exit: ExitWord | null };
  /** Asks init to shut down in its own way. */
  askToStop(containerId: string, init: TemplateRef['init']): Promise<void>;
  kill(containerId: string): Promise<void>;
  /** Resolves when init is gone, or false after the time-out. */
  waitStopped(containerId: string, timeoutMs: number): Promise<boolean>;
  /**
   * Removes runtime state, bundle and cgroup of a container that does not run; `run` keeps its boot log and last exit, so that they can
   * be read while it is stopped, `all` (the default) leaves nothing. Both are safe to call before start.
   */
  cleanUp(containerId: string, what?: 'run' | 'all'): Promise<void>;
  applyResources(containerId: string, resources: Resources): Promise<void>;
  /** `signal` ends the program as the time-out does. */
  exec(
    containerId: string,
    argv: readonly string[],
    options: { timeoutMs: number; input?: string; maxBytes?: number; signal?: AbortSignal },
  ): Promise<{
    exitCode: number | null;
    stdout: string;
    stderr: string;
    truncated: boolean;
    timedOut: boolean;
  }>;
  /**
   * Runs one program to its end in the root of a container that does not run: same namespaces, ids, seccomp and limits, no
   * network. The way the agent changes anything in a tenant's files.
   */
  runOnce(
    plan: ContainerPlan,
    argv: readonly string[],
    options: { timeoutMs: number; input?: string },
  ): Promise<{ exitCode: number | null; stdout: string; stderr: string }>;
  /** The session of that id, or a new one. An id is bound to its container for as long as the session lives: for another it is `not_found`. */
  openConsole(containerId: string, sessionId: string, size: { cols: number; rows: number }): Promise<ConsoleSession>;
  /** Ends it; one that there is not is fine, another container's is `not_found`. */
  closeConsole(containerId: string, sessionId: string): Promise<void>;
  /** All of a container's, whoever opened them. */
  closeConsoles(containerId: string): Promise<void>;
  bootLog(containerId: string, bytes: number): string;
  /** Everything on disk or in the kernel, a kept log included. */
  listKnown(): string[];
  /** Those of which something is there that only a run has: runtime state, bundle, control group. */
  listRuns(): string[];
  cgroupVersion(): 'v1' | 'v2';
  /** Called when any container's init ends. */
  onExit(listener: (containerId: string) => void): void;
}
/** A shell on a pty that lives on the host, with scrollback; attach and detach as often as wanted, by several at once. */
export interface ConsoleSession {
  attach(client: { onData(bytes: Uint8Array): void; onExit(status: number | null): void }): {
    write(bytes: Uint8Array): void;
    resize(cols: number, rows: number): void;
    detach(): void;
  };
}

export type NetworkMember = {
  containerId: string;
  tenantId: string;
  address: string;
  forwards: readonly PortForward[];
};
export interface Network {
  /** Bridge, resolver and base rules. */
  ensureHost(): Promise<void>;
  /** First free address of the subnet outside `taken`. */
  allocate(taken: ReadonlySet<string>): string;
  hook(member: NetworkMember): ContainerPlan['network'];
  /** Makes rules and forwards exactly those of the members, in one transaction. */
  apply(members: readonly NetworkMember[]): Promise<void>;
  /** Whether all of this still stands: false when somebody on the host took some of it away, or {@link apply} failed. */
  stands(): Promise<boolean>;
  /** Removes interfaces of a container that does not run. */
  detach(containerId: string): Promise<void>;
  listInterfaces(): string[];
  interfaceName(containerId: string): string;
  tearDown(): Promise<void>;
}

export interface Metrics {
  /** CPU time a running container has used since its start; null when it does not run. */
  cpuSeconds(containerId: string): number | null;
  /** One pass over all running containers. */
  sample(
    containers: readonly { containerId: string; volumeId: string; interfaceName: string; pid: number | null }[],
  ): Map<string, Usage>;
}

/**
 * A part of a round over a repository. `snapshots`: all backups of this host that it holds; `readAll`: those that were damaged, of which
 * everything is read. `others`: those of other hosts. `layers`: those they need, with the host's own file of it; `always`: also out of its turn.
 */
export type CheckOrder = {
  part: { n: number; of: number };
  snapshots: readonly { resticSnapshotId: string; readAll: boolean }[];
  others: readonly string[];
  layers: readonly { digest: Digest; file: string | null; always: boolean }[];
};
/** `damaged`: those that lack something, with some names of it as the container calls them; folders end in a slash. */
export type CheckReport = {
  found: Finding[];
  damaged: { resticSnapshotId: string; missing: string[] }[];
  layersLost: Digest[];
};

/** A location with what one signs in with there; a directory needs none. */
export type Depot = { location: BackupLocation; credentials?: { user: string; password: string } | undefined };
export type Repository = Depot & { tenantId: string; password: string; recoveryPassword: string };
export interface Backups {
  /** Makes the repository with both keys if there is none; removes stale locks of this host. */
  ensureRepository(repository: Repository): Promise<void>;
  upload(
    repository: Repository,
    source: {
      directory: string;
      containerId: string;
      backupId: string;
      metadata: Record<string, unknown>;
      /** What there is to read, as far as that is known: for telling how far it is. */
      aboutBytes?: number;
    },
    progress: Progress,
    signal: AbortSignal,
  ): Promise<{
    resticSnapshotId: string;
    files: number;
    bytesTotal: number;
    bytesAdded: number;
    /** The location lies on this very server, wherever its name seems to lead. */
    sameServer: boolean;
  }>;
  /** Makes the location hold the layer, verified after the copy. */
  storeLayer(repository: Repository, digest: Digest, file: string, progress: Progress): Promise<void>;
  /** Reads back what a snapshot needs and compares; throws when anything is missing or damaged. */
  verify(
    repository: Repository,
    resticSnapshotId: string,
    layers: readonly Digest[],
    progress: Progress,
    signal: AbortSignal,
  ): Promise<void>;
  /** Restores upper/ of a snapshot below `target`, which holds an empty upper/. */
  restore(
    repository: Repository,
    resticSnapshotId: string,
    target: string,
    progress: Progress,
    signal: AbortSignal,
  ): Promise<{ files: number; bytes: number }>;
  /** Shows the files of a snapshot without fetching them; returns where its upper/ is. `not_found` when it is gone. */
  open(repository: Repository, backupId: string, resticSnapshotId: string): Promise<string>;
  isOpen(backupId: string): boolean;
  close(backupId: string): Promise<void>;
  /** Of a dead agent too. */
  listOpen(): string[];
  /** Hands a layer as the location holds it, unproven, to {@link Layers.importFile}; the file is there for as long as `use` runs. */
  withLayer(depot: Depot, digest: Digest, use: (file: string) => Promise<void>): Promise<void>;
  /** Bytes that these snapshots take together at the location; those that are gone count nothing. */
  measure(repository: Repository, resticSnapshotIds: readonly string[]): Promise<number>;
  /** Reads a part of everything and compares; puts back what has a copy, takes out what is damaged; says what that touches. */
  check(repository: Repository, order: CheckOrder, progress: Progress, signal: AbortSignal): Promise<CheckReport>;
  /**
   * Forgets the snapshot, if one is named, and all others of the backup, if that is named. False where hosts cannot delete:
   * nothing was done.
   */
  forget(repository: Repository, resticSnapshotId: string | null, backupId?: string): Promise<boolean>;
}

/** Archives of whole systems on the pool, by id. */
export interface Transfers {
  /** Compresses and writes; all of it or nothing. Returns its size. Throws `no_space` for more than `mostBytes`. */
  pack(id: string, tar: AsyncIterable<Uint8Array>, mostBytes: number): Promise<number>;
  /** Adds to what has come, which stays when the piece is cut off. Returns how much there is. Throws `invalid` beyond `mostBytes`. */
  append(id: string, content: AsyncIterable<Uint8Array>, mostBytes: number): Promise<number>;
  size(id: string): number | null;
  read(id: string, offset: number): AsyncIterable<Uint8Array>;
  remove(id: string): void;
  /** Everything on disk, known to the database or not. */
  list(): string[];
}

export interface Templates {
  /** The layer without anything in it, made if the host does not have it: same on every host of one version of mkfs.erofs. */
  empty(layers: Layers): Promise<Digest>;
  /** Builds from the definition `name`; throws `not_found` if there is none. Imports the layer. */
  build(
    name: string,
    layers: Layers,
    progress: Progress,
  ): Promise<{ template: TemplateRef; title: string; bytes: number; sshServer: boolean }>;
  definitions(): string[];
}

/** A container's mounted root, and whose ids it shows. */
export type Tree = {
  containerId: string;
  idBase: number;
  root: string;
  /** For calls that compare: the mounted volume, and the layers below it, highest first. With the ids that are on disk. */
  parts?: { volume: string; layers: readonly string[] };
  /** It is a backup's, by {@link Roots.mountBackup}: its ids are nobody's, and who looks may only read. */
  backup?: true;
};
/**
 * What is asked besides what the contract has, by the agent alone; each answers with a body that the next takes as its own.
 * written: as the contract has it, with the instant. survey: what is at the paths and below → compare, or → send: of a backup what is to be restored → place: put into the container.
 */
export type InnerCall =
  | { op: 'written'; order: { since: string; volumeId?: string } }
  | { op: 'survey'; order: { paths: string[] } }
  | { op: 'send'; order: RestoreOrder }
  | { op: 'place'; order: Pick<RestoreOrder, 'mode'> };
/** `answer` is of the call's shape, unchecked. `body` is to be read to its end, or given up by `return()`. */
export type FilesAnswer = { answer: unknown; body: AsyncGenerator<Uint8Array> };
/** Asked by actions of the agent alone; no grant of web's is good for them. */
export type InsideCall =
  | InnerCall
  /** The whole tree as tar, the description first. */
  | { op: 'pack'; order: PackOrder }
  /** The body, an archive of a stranger's, into the empty tree. */
  | { op: 'unpack'; order: UnpackOrder }
  /** What the template has, put back; the answer says how many things are to come, the body in lines ({@link Recovering}) how many have. */
  | { op: 'recover'; order: z.output<typeof Recover> };
/** The last line says that it has ended, and why if something was in its way. */
export type Recovering = { changed: number; ended?: true; refusal?: { code: ErrorCode; detail: string } };
export interface Files {
  /**
   * One call on a tree, confined to it by the kernel and with the container's own rights. Rejects with what the person who asked
   * may know. The signal ends it; what was being written is then as it was before.
   */
  call(
    tree: Tree,
    call: Pick<FileCall, 'op' | 'order'> | InsideCall,
    body: AsyncIterable<Uint8Array> | null,
    signal: AbortSignal,
  ): Promise<FilesAnswer>;
  /** Ends every call on a container: its root is about to go. */
  close(containerId: string): Promise<void>;
}

export type Adapters = {
  layers: Layers;
  volumes: Volumes;
  roots: Roots;
  runtime: Runtime;
  network: Network;
  metrics: Metrics;
  backups: Backups;
  templates: Templates;
  files: Files;
  transfers: Transfers;
};
