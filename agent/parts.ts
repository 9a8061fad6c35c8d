/**
 * What the runtime and the metrics need of their neighbours. agent/cgroups, agent/monitor and agent/console fulfil these
 * without knowing each other; agent/compose-runtime.ts hands them over. The rules of adapters.ts hold here too: every
 * method is safe to repeat, and what is asked to be gone and is gone already is success.
 */
import type { Resources } from '#lib/contract/fields.ts';
import type { ConsoleSession } from './adapters.ts';

/** The part of a plan that the kernel enforces by control group; the disk is the volume's matter. */
export type Limits = Pick<Resources, 'cpuCores' | 'cpuShares' | 'memoryBytes' | 'pids'>;

/** Read from the counters of the container's control group. `cpuSeconds` is cumulative since the group was made. */
export type GroupUsage = { cpuSeconds: number; memoryBytes: number; pids: number };

/**
 * One control group per container, in every hierarchy the host has: an outer one, `/berth-<instance>/<containerId>`, which
 * the host owns and which carries the limits, and below it the groups the runtime makes (`ct` for the container itself).
 * Walk: ensure → (runtime creates the container in `runtimePath`) → delegate → sayCores → … apply … usage … → remove.
 */
export interface Cgroups {
  readonly version: 'v1' | 'v2';
  /** Makes the outer group, empty or not, with these limits. */
  ensure(containerId: string, limits: Limits): void;
  /** New limits, live. Refused with `state` when more memory is in use than the new limit allows. */
  apply(containerId: string, limits: Limits): void;
  /** `cgroupsPath` for the OCI configuration; `leaf` names the group below the outer one. */
  runtimePath(containerId: string, leaf: string): string;
  /** Gives the container's own cgroup2 group to its root user, so that an init like systemd can make groups in it. */
  delegate(containerId: string, leaf: string, uid: number): void;
  /**
   * Lets the container's own group say how many cores it may use, for lxcfs, which looks no higher. It limits nothing: with
   * the longest period and all the burst there is, the outer group's limit is reached first. {@link apply} keeps it up to date.
   */
  sayCores(containerId: string, leaf: string, limits: Limits): void;
  /** Processes killed for want of memory since the group was made. */
  oomKills(containerId: string): number;
  usage(containerId: string): GroupUsage | null;
  /** Kills whatever runs in the group or below. */
  killAll(containerId: string): void;
  /** Removes the group with all below it. Throws when processes are left. */
  remove(containerId: string): void;
  /** Removes what an agent left that was killed between a container's last group and the one above it. */
  removeEmpty(): void;
  list(): string[];
  /** Stops every process of the group and below until {@link thaw}; rejects, with nothing stopped, when that takes too long. */
  freeze(containerId: string): Promise<void>;
  /** Safe to call for a group that is not there; false when it was not frozen. */
  thaw(containerId: string): boolean;
}

/** Who writes to volumes that have no file system of their own to freeze. */
export interface Writers {
  /** Stops whoever writes to the volume mounted there; the function it gives lets them go on. */
  pause(mountPoint: string): Promise<() => void>;
  /** Lets them go on whoever stopped them; false when they were not stopped. */
  resume(mountPoint: string): boolean;
  /** After a crash: nobody stands still because of us. */
  resumeAll(): void;
}

/** What the monitor is asked to start; every path absolute. */
export type MonitorPlan = {
  containerId: string;
  bundle: string;
  /** Arguments for the runtime before its verb, e.g. `--root DIR`. */
  runtime: string;
  runtimeArgs: readonly string[];
};

/**
 * The surviving parent of a container: runs the runtime's `create`, holds the console's terminal, writes the boot log and,
 * at the end, the exit status to disk. It needs no agent.
 */
export interface Monitor {
  /** Creates the container; resolves with the pid of its init, which has not been started yet. */
  create(plan: MonitorPlan): Promise<{ pid: number; monitorPid: number }>;
  /** How the present run ended; null while it runs, and when nobody was there to see it (loss of power). */
  exit(containerId: string): { status: number; at: Date } | null;
  /** Ends a monitor whose container does not run: one that hangs, or one that is still creating it for an agent that is gone. */
  end(containerId: string): Promise<void>;
  /** The last bytes of what came out of the console since boot. */
  log(containerId: string, bytes: number): string;
  /** Removes the exit word of the present run. */
  clearExit(containerId: string): void;
  /** Removes the monitor's files of a container; with `log` the boot log too. */
  remove(containerId: string, what: { log: boolean }): void;
  list(): string[];
  onExit(listener: (containerId: string) => void): void;
  close(): void;
}

/** Files that show a container its own memory, processors, load and uptime where the kernel's would show the host's. */
export interface OwnFigures {
  /**
   * What to bind over what in a container that starts now. Starts their server if it does not run. Empty when the host cannot:
   * the container then sees the host's figures, and starts all the same.
   */
  ensure(): Promise<readonly { source: string; destination: string }[]>;
}

/** The runtime that copies to and from a shell inside, and how that shell is found while the runtime runs. */
export type ConsoleCommand = {
  argv: readonly string[];
  pidFile: string;
  /** Null: it has not started yet. `kill` is for this process alone, whoever has its id by then. */
  shell(): { isAlive(): boolean; kill(): void } | null;
};

/** Shells on terminals of the host. */
export interface Consoles {
  /** The session of that id, or a new one running `command`. */
  open(
    containerId: string,
    sessionId: string,
    size: { cols: number; rows: number },
    command: () => ConsoleCommand,
  ): Promise<ConsoleSession>;
  close(containerId: string, sessionId: string): Promise<void>;
  closeAll(containerId: string): Promise<void>;
}
