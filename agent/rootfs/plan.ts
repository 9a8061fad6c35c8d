/** Pure part of root file systems: what is mounted from what, and who may. */
import type { RootPlan } from '#agent/adapters.ts';

/** root: what init runs on. old: the system before, at /old. repair: a container's own files, at /repair of its rescue system. */
export type Purpose = 'root' | 'old' | 'repair';
export const purposes = ['root', 'old', 'repair'] as const satisfies readonly Purpose[];
/** What was about to be mounted, written down before it is: mountinfo cannot tell (it shows `upperdir=/upper`). */
export type MountRecord = RootPlan & { purpose: Purpose; readOnly: boolean; bootId: string };

export function rootPaths(agentDir: string) {
  const closed = {
    root: `${agentDir}/mnt/roots`,
    old: `${agentDir}/mnt/old`,
    repair: `${agentDir}/mnt/repair`,
  } as const;
  return {
    records: `${agentDir}/run/mounts`,
    record: (containerId: string, purpose: Purpose) =>
      `${agentDir}/run/mounts/${containerId}${purpose === 'root' ? '' : `.${purpose}`}.json`,
    /** Where layers stand for a moment on kernels that take them by path only. */
    staging: `${agentDir}/mnt/staging`,
    folder: (purpose: Purpose) => closed[purpose],
    /** A directory only the container's own root may enter, for set-user-id files inside must work for it alone. */
    closed: (containerId: string, purpose: Purpose) => `${closed[purpose]}/${containerId}`,
    target: (containerId: string, purpose: Purpose) => `${closed[purpose]}/${containerId}/${purpose}`,
  };
}

/** The container id in a path that {@link rootPaths}.target made, or null. */
export function containerOfTarget(agentDir: string, target: string): { containerId: string; purpose: Purpose } | null {
  const paths = rootPaths(agentDir);
  for (const purpose of purposes) {
    const rest = target.startsWith(`${paths.folder(purpose)}/`) ? target.slice(paths.folder(purpose).length + 1) : '';
    const [containerId, last, ...more] = rest.split('/');
    if (containerId && last === purpose && more.length === 0) return { containerId, purpose };
  }
  return null;
}

/**
 * What the kernel must be given, topmost lower first. A read-only root shows the volume's upper/ as topmost read-only layer: its
 * whiteouts and opaque directories count there too.
 */
export function overlaySources(plan: RootPlan, readOnly: boolean): { layers: string[]; upperAsLayer: boolean } {
  return { layers: [...plan.layers].reverse(), upperAsLayer: readOnly };
}

/** The record in a file of this name, if it is one of ours. */
export function recordName(name: string): { containerId: string; purpose: Purpose } | null {
  const [, containerId, word] = /^([^.]+)(?:\.(old|repair))?\.json(?:\.new)?$/.exec(name) ?? [];
  if (containerId === undefined) return null;
  return { containerId, purpose: word === 'old' || word === 'repair' ? word : 'root' };
}

/** xino: checkpoints of inotify users need it. The others stay off so that layers may be exchanged while not mounted. */
export const overlayOptions = { xino: 'on', index: 'off', metacopy: 'off', redirect_dir: 'off' } as const;

export type Verdict = 'free' | 'same' | { takenBy: string } | { differs: true };

/**
 * Whether `wanted` may be mounted, given the records of what is mounted now. One upper directory carries one overlay: a second
 * would succeed and damage it silently, and so would reading it as a layer while it changes.
 */
export function judge(wanted: Omit<MountRecord, 'bootId'>, mounted: readonly MountRecord[]): Verdict {
  for (const other of mounted) {
    if (other.containerId === wanted.containerId && other.purpose === wanted.purpose) {
      const same =
        other.volume === wanted.volume &&
        other.idBase === wanted.idBase &&
        other.readOnly === wanted.readOnly &&
        other.layers.length === wanted.layers.length &&
        other.layers.every((layer, i) => layer === wanted.layers[i]);
      return same ? 'same' : { differs: true };
    }
  }
  const holder = mounted.find((other) => other.volume === wanted.volume);
  return holder === undefined ? 'free' : { takenBy: holder.containerId };
}
