'use client';
import { useRouter } from 'next/navigation';
import { createContext, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { Usage } from '#lib/contract/agent-state.ts';
import { BerthEvent } from '#lib/contract/events.ts';
import { Operation } from '#lib/contract/operations.ts';
import { ApiError, call } from './api.ts';
import { createLiveStore, type LiveStore, later, type Sample } from './live-store.ts';
import { notifyEnded } from './notify.tsx';
import { openStream } from './stream.ts';
import { isActive } from './words.ts';

type Live = { store: LiveStore; refresh: () => void; connected: boolean };
const LiveContext = createContext<Live | null>(null);

const refreshGapMs = 400;
const refreshAtLeastMs = 30_000;
/** How many operations are asked about at once, those first of which nothing was heard for longest. */
const asksAtOnce = 20;

/** Holds what the stream says, and has the server render again when something changed that only it can tell. */
export function LiveProvider({ myId, children }: { myId: string; children: React.ReactNode }) {
  const router = useRouter();
  const [store] = useState(createLiveStore);
  const [connected, setConnected] = useState(true);
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);

  const refresh = useMemo(
    () => () => {
      timer.current ??= setTimeout(() => {
        timer.current = null;
        router.refresh();
      }, refreshGapMs);
    },
    [router],
  );

  useEffect(() => {
    const hear = (operation: Operation) => {
      const isNew = store.operation(operation.id) === null;
      const ended = store.putOperation(operation);
      if (ended) notifyEnded(operation, myId);
      if (ended || isNew) refresh();
    };
    const ask = () => askAnew(store, hear);
    const close = openStream({
      onEvent: (raw) => take(raw, store, refresh, hear),
      onConnection: (up, missed) => {
        setConnected(up);
        if (up) ask();
        // Back: something was missed. Gone: the server may say why.
        if (missed || !up) refresh();
      },
      onEnded: () => router.refresh(), // the server answers with the sign-in
    });
    // A host that falls silent sends no event; its age is seen by asking again.
    const lookAgain = () => {
      if (document.visibilityState !== 'visible') return;
      refresh();
      ask();
    };
    const slow = setInterval(lookAgain, refreshAtLeastMs);
    document.addEventListener('visibilitychange', lookAgain);
    return () => {
      close();
      clearInterval(slow);
      document.removeEventListener('visibilitychange', lookAgain);
      if (timer.current !== null) clearTimeout(timer.current);
      timer.current = null;
    };
  }, [store, refresh, router, myId]);

  const value = useMemo(() => ({ store, refresh, connected }), [store, refresh, connected]);
  return <LiveContext value={value}>{children}</LiveContext>;
}

/**
 * Asks how the operations are that run by all that was heard. The stream says nothing of what happened before it was open: an end that
 * fell between the page and its stream would never be told, and the operation would be shown as running for ever.
 */
function askAnew(store: LiveStore, hear: (operation: Operation) => void): void {
  for (const { id } of store.running().slice(0, asksAtOnce)) {
    call('operations.get', { params: { id } }).then(hear, (error: unknown) => {
      if (error instanceof ApiError && error.problem.code === 'not_found') store.forget(id);
    });
  }
}

function take(raw: unknown, store: LiveStore, refresh: () => void, hear: (operation: Operation) => void): void {
  const parsed = BerthEvent.safeParse(raw);
  if (!parsed.success) return;
  const { type, containerId, at, data } = parsed.data;
  if (type === 'usage') {
    const usage = Usage.safeParse(data);
    if (usage.success && containerId !== null) store.putUsage(containerId, { atMs: Date.parse(at), usage: usage.data });
    return;
  }
  if (type === 'operation') {
    const operation = Operation.safeParse(data);
    if (operation.success) hear(operation.data);
    else refresh();
    return;
  }
  refresh();
}

function useLive(): Live {
  const live = useContext(LiveContext);
  if (live === null) throw new Error('LiveProvider is missing above this component');
  return live;
}

export function useRefresh(): () => void {
  return useLive().refresh;
}
export function useConnected(): boolean {
  return useLive().connected;
}
/** Shows an operation at once, before the stream tells of it. */
export function useShowOperation(): (operation: Operation) => void {
  const { store } = useLive();
  return store.putOperation;
}

/** What the server rendered as running is among what {@link askAnew} asks about. */
function useRemembered(store: LiveStore, given: Operation | null): void {
  useEffect(() => {
    if (given !== null && isActive(given)) store.putOperation(given);
  }, [store, given]);
}

/**
 * The newest word about an operation the server rendered. Where both say the same, the server's counts: it was made for
 * this reader, `can` included.
 */
export function useOperation(given: Operation): Operation {
  const { store } = useLive();
  useRemembered(store, given);
  const live = useSyncExternalStore(
    store.subscribe,
    () => store.operation(given.id),
    () => null,
  );
  return live === null ? given : later(live, given);
}

/** What runs on a container now, or null. */
export function useActiveOperation(containerId: string, given: Operation | null): Operation | null {
  const { store } = useLive();
  useRemembered(store, given);
  const known = useSyncExternalStore(
    store.subscribe,
    () => (given === null ? null : store.operation(given.id)),
    () => null,
  );
  const other = useSyncExternalStore(
    store.subscribe,
    () => store.active(containerId),
    () => null,
  );
  const mine = given === null || known === null ? given : later(known, given);
  if (mine !== null && isActive(mine)) return other !== null && mine.lock === 'background' ? other : mine;
  return other;
}

/** Usage since the page was opened, oldest first. */
export function useSamples(containerId: string): readonly Sample[] {
  const { store } = useLive();
  const empty = useMemo<readonly Sample[]>(() => [], []);
  return useSyncExternalStore(
    store.subscribe,
    () => store.samples(containerId),
    () => empty,
  );
}
