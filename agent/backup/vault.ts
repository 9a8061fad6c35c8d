import type { Digest } from '#lib/contract/ids.ts';
import type { Finding } from '#lib/contract/integrity.ts';
import type { RunOptions, RunResult } from '../sys/process.ts';
import { recoveryUser } from './keys.ts';

/** restic, on one repository. */
export type Call = (label: string, args: readonly string[], options?: RunOptions) => Promise<RunResult>;

/** The files of a repository in a directory, one by one; see whole.ts. */
export interface OwnFiles {
  /** Whether the sum of the config was damaged, and was written anew. */
  settleSum(): Promise<boolean>;
  mendKeys(): Promise<Finding[]>;
  mendSnapshots(ids: readonly string[]): Promise<Finding[]>;
  /** Copies of other snapshots go, of those that are not in the repository any more. */
  dropOtherCopies(wanted: readonly string[]): Promise<void>;
  keepSnapshot(resticSnapshotId: string): Promise<void>;
  /** The copy of it, and itself where restic would stop at it. */
  dropSnapshot(resticSnapshotId: string): Promise<void>;
}

/**
 * A tenant's repository at a location, and the layers beside it: what differs between a directory and a server elsewhere. What is
 * asked of the repository through restic is the same for both, and in apply.ts.
 */
export interface Vault {
  /** Names the repository among all that this agent knows. */
  readonly name: string;
  /** Whether this host can remove anything there. */
  readonly canDelete: boolean;
  readonly call: Call;
  /** Its files, for one in a directory: they can be looked at, and put back, one by one. */
  readonly own: OwnFiles | null;
  /** Makes the repository with both keys if there is none, removes locks of the dead, keeps the keys. */
  ensure(recoveryPassword: string): Promise<void>;
  /** Keeps copies of what the repository cannot be opened without, and puts back from them what is damaged. */
  keepKeys(): Promise<void>;
  /** A lock with damaged content can be nobody's; restic stops at it, and `unlock` leaves it. */
  removeDamagedLocks(): Promise<Finding[]>;
  /** False when there is no repository. */
  exists(): Promise<boolean>;
  /** Cheaper than asking restic, and never wrongly false. */
  mayHave(resticSnapshotId: string): Promise<boolean>;
  mayHaveSnapshots(): Promise<boolean>;
  /** Whether the location has the layer, whole. */
  layerIsWhole(digest: Digest): Promise<boolean>;
  storeLayer(digest: Digest, file: string): Promise<void>;
  /** Where upper/ is in a snapshot that restic shows; undefined when it has none. */
  upperBelow(snapshot: string): Promise<string | undefined>;
}

export async function addRecoveryKey(call: Call, recoveryPassword: string): Promise<void> {
  // Without a terminal restic reads the new password from standard input (a pipe that /dev/stdin could not name).
  await call('BACKUP:ADD-KEY', ['key', 'add', '--user', recoveryUser], { input: `${recoveryPassword}\n` });
}

/** Whether restic can read the config as it is. */
export async function opensConfig(call: Call): Promise<boolean> {
  const { code } = await call('BACKUP:CHECK-CONFIG', ['cat', 'config', '--no-lock'], { okCodes: [0, 1, 10, 12] });
  return code === 0;
}
