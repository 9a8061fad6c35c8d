import type { LucideIcon } from 'lucide-react';
import { toneText } from './badge.tsx';
import { cx } from './cx.ts';
import type { Tone } from './words.ts';

/** The head of a page: its name and what can be done here. */
export function PageHead({
  title,
  sub,
  children,
}: {
  title: string;
  sub?: React.ReactNode;
  children?: React.ReactNode;
}) {
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2">
      <div className="mr-auto min-w-0">
        <h1 className="text-xl font-[650] tracking-tight text-balance">{title}</h1>
        {sub && <div className="sub">{sub}</div>}
      </div>
      {children && <div className="flex flex-wrap items-center gap-2">{children}</div>}
    </div>
  );
}

export function Card({
  title,
  icon: Icon,
  aside,
  children,
  className,
  flush,
  id,
}: {
  title?: React.ReactNode;
  icon?: LucideIcon;
  aside?: React.ReactNode;
  children: React.ReactNode;
  className?: string;
  /** Content runs to the edges (tables, ladders). */
  flush?: boolean;
  id?: string;
}) {
  return (
    <section className={cx('card min-w-0', className)} id={id}>
      {title && (
        <header className="flex flex-wrap items-center gap-2 px-4 pt-3.5 pb-1">
          {Icon && <Icon aria-hidden className="size-4 text-muted" />}
          <h2 className="text-[13px] font-semibold">{title}</h2>
          {aside && <div className="sub ml-auto">{aside}</div>}
        </header>
      )}
      <div className={cx(!flush && 'px-4 pb-4', !flush && (title ? 'pt-2' : 'pt-4'), flush && title && 'pt-2')}>
        {children}
      </div>
    </section>
  );
}

const edge: Record<Tone, string> = {
  good: 'border-l-good',
  warn: 'border-l-warn',
  bad: 'border-l-bad',
  busy: 'border-l-busy',
  idle: 'border-l-idle',
};

/** Something the reader should know before anything else on the page. */
export function Notice({
  tone,
  icon: Icon,
  title,
  children,
  action,
}: {
  tone: Tone;
  icon: LucideIcon;
  title: React.ReactNode;
  children?: React.ReactNode;
  action?: React.ReactNode;
}) {
  return (
    <div className={cx('card mb-4 flex flex-wrap items-start gap-x-3 gap-y-2 border-l-[3px] px-4 py-3', edge[tone])}>
      <Icon aria-hidden className={cx('mt-0.5 size-[18px] shrink-0', toneText[tone])} />
      <div className="min-w-0 flex-1 basis-56">
        <p className="font-semibold">{title}</p>
        {children && <div className="text-[13px] text-muted">{children}</div>}
      </div>
      {action && <div className="flex flex-wrap gap-2">{action}</div>}
    </div>
  );
}

/** What to say where a list has nothing to show, and what to do about it. */
export function Empty({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: LucideIcon;
  title: string;
  children?: React.ReactNode;
  action?: React.ReactNode;
}) {
  return (
    <div className="grid justify-items-center gap-2 px-6 py-14 text-center">
      <span className="grid size-11 place-items-center rounded-full bg-sunk">
        <Icon aria-hidden className="size-5 text-muted" />
      </span>
      <p className="font-semibold">{title}</p>
      {children && <div className="max-w-prose text-[13px] text-balance text-muted">{children}</div>}
      {action && <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div>}
    </div>
  );
}

/** Pairs of a word and its value. */
export function Facts({ items }: { items: readonly (readonly [string, React.ReactNode])[] }) {
  return (
    <dl className="grid grid-cols-[104px_minmax(0,1fr)] gap-x-3 gap-y-2 text-[13.5px]">
      {items.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="min-w-0 tabular-nums [overflow-wrap:anywhere]">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
