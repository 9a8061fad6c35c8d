import { CircleCheck, type LucideIcon } from 'lucide-react';
import Link from 'next/link';
import { rich, type Text, t } from '#lib/language/text.ts';
import { toneText } from './badge.tsx';
import { cx } from './cx.ts';
import { Card } from './page.tsx';
import { Since } from './time.tsx';
import type { Tone } from './words.ts';

/** How one kind of problem is shown, and the word for what to do about it. */
export type ProblemLook = { icon: LucideIcon; tone: Tone; next: Text };
type Item = ProblemLook & { key: string; href: string; title: string; about: string; since: string };

/** What is broken, whom it concerns, since when, each a way to where something is done about it. `fine`: what is said when nothing is. */
export function ProblemList({ items, fine }: { items: readonly Item[]; fine: string }) {
  if (items.length === 0) {
    return (
      <div className="card flex items-center gap-3 px-4 py-4">
        <CircleCheck aria-hidden className="size-5 text-good" />
        <p>
          <strong className="font-semibold">{t('Nothing is broken.')}</strong>{' '}
          <span className="text-muted">{fine}</span>
        </p>
      </div>
    );
  }
  return (
    <Card title={t('{n, plural, one {# thing needs you} other {# things need you}}', { n: items.length })} flush>
      <ul className="divide-y divide-line">
        {items.map(({ key, href, icon: Icon, tone, title, about, since, next }) => (
          <li key={key}>
            <Link href={href} className="flex items-start gap-3 px-4 py-3 -outline-offset-2 hover:bg-sunk/60">
              <Icon aria-hidden className={cx('mt-0.5 size-[18px] shrink-0', toneText[tone])} />
              <span className="min-w-0 flex-1">
                <span className="block font-semibold [overflow-wrap:anywhere]">{title}</span>
                <span className="sub block [overflow-wrap:anywhere]">
                  {rich('{about} · for {since}', { about, since: <Since key="since" at={since} dative /> })}
                </span>
              </span>
              <span className="shrink-0 text-[13px] font-[550] underline underline-offset-3">{t(next)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </Card>
  );
}
