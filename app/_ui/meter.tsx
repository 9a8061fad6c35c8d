import { TriangleAlert } from 'lucide-react';
import { t } from '#lib/language/text.ts';
import { cx } from './cx.ts';

export const nearlyFull = 0.85;

/**
 * One bar from nothing to the limit. Nearly full is said by a word and a sign, not by colour alone; null is not known
 * and shows as a dash, never as zero.
 */
export function Meter(props: {
  label: string;
  text: string;
  used: number | null;
  whole: number;
  hideLabel?: boolean;
  className?: string;
}) {
  const share = props.used === null || props.whole <= 0 ? null : Math.min(1, Math.max(0, props.used / props.whole));
  const tight = share !== null && share >= nearlyFull;
  return (
    <div className={cx('grid min-w-0 gap-1', props.className)}>
      <div
        className={cx(
          'flex items-baseline justify-between gap-x-2 text-xs text-muted tabular-nums',
          // Three of them share the width of a phone: the label gets a line of its own.
          props.hideLabel && 'max-md:flex-col',
        )}
      >
        <span className={cx(props.hideLabel && 'md:sr-only')}>{props.label}</span>
        <span className={cx('inline-flex items-center gap-1 whitespace-nowrap', tight && 'font-semibold text-warn')}>
          {tight && <TriangleAlert aria-hidden className="size-3" />}
          {share === null ? '–' : props.text}
          {tight && <span className="sr-only">, {t('nearly full')}</span>}
        </span>
      </div>
      <div className="h-1.5 overflow-hidden rounded-full bg-sunk" aria-hidden>
        <div
          className={cx('h-full rounded-full transition-[width] duration-500', tight ? 'bg-warn' : 'bg-brand')}
          style={{ width: `${(share ?? 0) * 100}%` }}
        />
      </div>
    </div>
  );
}

/** Progress of something that ends, as a thin line. */
export function Progress({ percent, label }: { percent: number; label: string }) {
  const value = Math.round(Math.min(100, Math.max(0, percent)));
  return (
    <div
      role="progressbar"
      aria-label={label}
      aria-valuenow={value}
      aria-valuemin={0}
      aria-valuemax={100}
      className="h-1.5 overflow-hidden rounded-full bg-busy-soft"
    >
      <div className="h-full rounded-full bg-busy transition-[width] duration-300" style={{ width: `${value}%` }} />
    </div>
  );
}
