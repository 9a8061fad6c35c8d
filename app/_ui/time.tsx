'use client';
import { clock, duration, relative } from './format.ts';
import { useIsClient, useNow } from './now.tsx';

function useExact(at: string): string | undefined {
  const here = useIsClient();
  // The reader's zone is known only in the reader's browser.
  return here ? new Date(at).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'long' }) : undefined;
}

/** `6 min ago`, with the exact time in the reader's zone on hover. */
export function Ago({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={useExact(at)} className={className}>
      {relative(Date.parse(at), now)}
    </time>
  );
}

/** `18 days`: how long something has lasted. */
export function Since({ at, className }: { at: string; className?: string }) {
  const now = useNow();
  return (
    <time dateTime={at} title={useExact(at)} className={className}>
      {duration(now - Date.parse(at))}
    </time>
  );
}

/** `23 h`: how long something still lasts. */
export function Left({ until }: { until: string }) {
  const now = useNow();
  const ms = Date.parse(until) - now;
  return (
    <time dateTime={until} title={useExact(until)}>
      {ms <= 0 ? 'no time' : duration(ms)}
    </time>
  );
}

/** A clock that counts up from a start, `0:42`. */
export function Elapsed({ from, to }: { from: string; to?: string | null }) {
  const now = useNow();
  return <span className="tabular-nums">{clock((to ? Date.parse(to) : now) - Date.parse(from))}</span>;
}

/** A day and time in the reader's zone; in UTC until the browser has taken over. */
export function At({ at }: { at: string }) {
  const here = useIsClient();
  const date = new Date(at);
  const text = here
    ? date.toLocaleString(undefined, {
        weekday: 'short',
        day: 'numeric',
        month: 'short',
        hour: '2-digit',
        minute: '2-digit',
      })
    : `${date.toISOString().slice(5, 16).replace('T', ' ')} UTC`;
  return (
    <time dateTime={at} title={useExact(at)} className="whitespace-nowrap">
      {text}
    </time>
  );
}
