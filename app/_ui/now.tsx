'use client';
import { createContext, useContext, useSyncExternalStore } from 'react';

const ServerNow = createContext(0);
const listeners = new Set<() => void>();
let current = 0;
let timer: ReturnType<typeof setInterval> | null = null;

/** One clock for the whole page, ticking each second while anybody reads it. */
function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    current = Date.now();
    for (const each of listeners) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0 && timer !== null) {
      clearInterval(timer);
      timer = null;
    }
  };
}
function read(): number {
  // React asks twice and wants the same answer: without a timer the clock moves in whole seconds too.
  if (current === 0 || (timer === null && Date.now() - current > 1000)) current = Date.now();
  return current;
}

/** Hands the server's moment of rendering to the browser, so that the first picture is the same in both. */
export function NowProvider({ at, children }: { at: number; children: React.ReactNode }) {
  return <ServerNow value={at}>{children}</ServerNow>;
}

/** The time now in ms; `coarse` changes only so often that a page of fifty rows is not drawn again each second. */
export function useNow(stepMs = 1000): number {
  const server = useContext(ServerNow);
  const floor = (value: number) => (stepMs <= 1000 ? value : Math.floor(value / stepMs) * stepMs);
  return useSyncExternalStore(
    subscribe,
    () => floor(read()),
    () => floor(server),
  );
}
export function useIsClient(): boolean {
  return useSyncExternalStore(
    () => () => undefined,
    () => true,
    () => false,
  );
}
