'use client';
import { utcMinute } from '#lib/contract/moments.ts';
import { spoken } from '#lib/language/spoken.ts';
import { t } from '#lib/language/text.ts';
import { clock, duration, durationAfter, relative } from './format.ts';
import { useIsClient, useNow } from './now.tsx';

function useExact(at: string): string | undefined {
  const here = useIsClient();
  // The reader's zone is known only in the reader's browser.
  return here ? new Date(at).toLocaleString(spoken(), { dateStyle: 'full', timeStyle: 'long' }) : undefined;
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

/** `18 days`: how long something has lasted. After a German „seit“ it is `dative`. */
export function Since({ at, className, dative }: { at: string; className?: string; dative?: boolean }) {
  const now = useNow();
  return (
    <time dateTime={at} title={useExact(at)} className={className}>
      {(dative ? durationAfter : duration)(now - Date.parse(at))}
    </time>
  );
}

/** `23 h`: how long something still lasts. After a German „in“ it is `dative`. */
export function Left({ until, dative }: { until: string; dative?: boolean }) {
  const now = useNow();
  const ms = Date.parse(until) - now;
  return (
    <time dateTime={until} title={useExact(until)} className="whitespace-nowrap">
      {ms <= 0 ? t('no time') : (dative ? durationAfter : duration)(ms)}
    </time>
  );
}

/** A clock that counts up from a start, `0:42`. */
export function Elapsed({ from, to }: { from: string; to?: string | null }) {
  const now = useNow();
  return <span className="tabular-nums">{clock((to ? Date.parse(to) : now) - Date.parse(from))}</span>;
}

const withYear = { year: 'numeric' } as const;

/** Words for a day and time in the reader's zone, with the year if it is another one; in UTC until the browser has taken over. */
export function useAt(): (at: string) => string {
  const here = useIsClient();
  if (!here) return utcMinute;
  return (at) => {
    const date = new Date(at);
    const day = date.getFullYear() === new Date().getFullYear() ? ({ weekday: 'short' } as const) : withYear;
    return date.toLocaleString(spoken(), {
      ...day,
      day: 'numeric',
      month: 'short',
      hour: '2-digit',
      minute: '2-digit',
    });
  };
}

/** The same with the exact time on hover; for all but labels, which are text alone. */
export function At({ at }: { at: string }) {
  const words = useAt();
  return (
    <time dateTime={at} title={useExact(at)} className="whitespace-nowrap">
      {words(at)}
    </time>
  );
}
