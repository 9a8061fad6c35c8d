import type { Usage } from '#lib/contract/agent-state.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { isActive } from './words.ts';

export type Sample = { atMs: number; usage: Usage };

const samplesKept = 180;
const operationsKept = 300;
const none: readonly Sample[] = [];

/** The later of two words about the same operation: more attempts, then an end, then more progress. */
export function later(a: Operation, b: Operation): Operation {
  if (a.attempt !== b.attempt) return a.attempt > b.attempt ? a : b;
  if (isActive(a) !== isActive(b)) return isActive(a) ? b : a;
  if (a.state !== b.state && (a.state === 'queued' || b.state === 'queued')) return a.state === 'queued' ? b : a;
  if (a.state !== b.state && (a.state === 'running' || b.state === 'running')) return a.state === 'running' ? b : a;
  if (a.cancelRequested !== b.cancelRequested) return a.cancelRequested ? a : b;
  return b.percent >= a.percent ? b : a;
}

export type LiveStore = ReturnType<typeof createLiveStore>;

/**
 * What the live stream said since the page was opened. It only adds to what the server rendered: every reader merges
 * it with its own data by {@link later}. Snapshots are the same object until they change, as React wants.
 */
export function createLiveStore() {
  const operations = new Map<string, Operation>();
  const usage = new Map<string, readonly Sample[]>();
  const listeners = new Set<() => void>();
  const changed = () => {
    for (const listener of listeners) listener();
  };
  return {
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    /** Takes word of an operation. True if it has just ended. */
    putOperation(operation: Operation): boolean {
      const known = operations.get(operation.id);
      const next = known === undefined ? operation : later(known, operation);
      const ended = known !== undefined && isActive(known) && !isActive(next);
      operations.delete(operation.id);
      operations.set(operation.id, next);
      if (operations.size > operationsKept) {
        const oldest = operations.keys().next().value;
        if (oldest !== undefined) operations.delete(oldest);
      }
      changed();
      return ended;
    },
    putUsage(containerId: string, sample: Sample): void {
      const before = usage.get(containerId) ?? none;
      const last = before.at(-1);
      if (last !== undefined && last.atMs >= sample.atMs) return;
      usage.set(containerId, [...before.slice(1 - samplesKept), sample]);
      changed();
    },
    operation(id: string): Operation | null {
      return operations.get(id) ?? null;
    },
    /** The operation that runs on a container by word of the stream; the newest one that holds it, else any. */
    active(containerId: string): Operation | null {
      let found: Operation | null = null;
      for (const operation of operations.values()) {
        if (operation.containerId !== containerId || !isActive(operation)) continue;
        if (found === null || operation.lock !== 'background') found = operation;
      }
      return found;
    },
    /** What runs by all that was heard, that first of which nothing was heard for longest. */
    running(): Operation[] {
      return [...operations.values()].filter(isActive);
    },
    /** Drops an operation that the reader may not know of any more. */
    forget(id: string): void {
      if (operations.delete(id)) changed();
    },
    samples(containerId: string): readonly Sample[] {
      return usage.get(containerId) ?? none;
    },
  };
}
