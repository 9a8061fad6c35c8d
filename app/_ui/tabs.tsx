'use client';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useRef } from 'react';
import { cx } from './cx.ts';
import { LinkBusy } from './link-busy.tsx';

/** Pages of one thing, as links: each has its own address. The one shown is scrolled into view on a phone. */
export function Tabs({ items, label }: { items: readonly { href: string; name: string }[]; label: string }) {
  const path = usePathname();
  // A page below a tab's is still that tab's; the overview is above all others, so the longest address decides.
  const within = items.filter(({ href }) => path === href || path.startsWith(`${href}/`));
  const shown = within.toSorted((a, b) => b.href.length - a.href.length)[0];
  const current = useRef<HTMLAnchorElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls again when the page changes
  useEffect(() => {
    const tab = current.current;
    const bar = tab?.parentElement;
    if (tab && bar) bar.scrollLeft = tab.offsetLeft - bar.clientWidth / 2 + tab.clientWidth / 2;
  }, [path]);
  return (
    <nav
      aria-label={label}
      className="relative mb-4 flex gap-0.5 overflow-x-auto border-b border-line [scrollbar-width:none] max-md:-mx-4 max-md:px-4"
    >
      {items.map((item) => {
        const on = item.href === shown?.href;
        return (
          <Link
            key={item.href}
            ref={on ? current : undefined}
            href={item.href}
            aria-current={on ? (path === item.href ? 'page' : 'true') : undefined}
            className={cx(
              'inline-flex px-3 py-2 font-[550] whitespace-nowrap -outline-offset-2 max-md:py-3',
              on ? 'text-text shadow-[inset_0_-2px_var(--brand)]' : 'text-muted hover:text-text',
            )}
          >
            {item.name}
            <LinkBusy />
          </Link>
        );
      })}
    </nav>
  );
}
