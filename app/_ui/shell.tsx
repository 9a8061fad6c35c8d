'use client';
import {
  Archive,
  ArrowLeftRight,
  Box,
  CircleUser,
  ClipboardList,
  CloudOff,
  Ellipsis,
  Gauge,
  History,
  KeyRound,
  Layers,
  LifeBuoy,
  ListChecks,
  type LucideIcon,
  Palette,
  Receipt,
  Search,
  Server,
  ShieldCheck,
  SlidersHorizontal,
  Store,
  UserSearch,
  Users,
  WifiOff,
} from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useEffect, useState } from 'react';
import { t } from '#lib/language/text.ts';
import { type Area, areaOf } from './areas.ts';
import { CommandPalette } from './command-palette.tsx';
import { cx } from './cx.ts';
import { Dialog } from './dialog.tsx';
import { LinkBusy } from './link-busy.tsx';
import { LiveProvider, useConnected } from './live.tsx';
import { LookLinks, ProductName } from './look.tsx';
import { MeProvider, type Reader } from './me.tsx';
import { SignOutButton } from './sign-out.tsx';
import { StepUp } from './step-up.tsx';
import { ThemeChoice } from './theme.tsx';

const icons: Record<Area['icon'], LucideIcon> = {
  containers: Box,
  backups: Archive,
  activity: History,
  account: CircleUser,
  dashboard: Gauge,
  hosts: Server,
  operations: ListChecks,
  tenants: Users,
  resellers: Store,
  brand: Palette,
  plans: SlidersHorizontal,
  templates: Layers,
  audit: ClipboardList,
  help: LifeBuoy,
  outages: CloudOff,
  services: Receipt,
  offers: ArrowLeftRight,
  security: ShieldCheck,
  roles: KeyRound,
  who: UserSearch,
};
const bottomPlaces = 4;

/** The frame of every page behind the sign-in: menu at the side, on a phone at the lower edge; one for all roles. */
export function Shell({ me, theme, children }: { me: Reader; theme: string; children: React.ReactNode }) {
  return (
    <MeProvider me={me}>
      <LiveProvider myId={me.id}>
        <Frame me={me} theme={theme}>
          {children}
        </Frame>
        <StepUp />
      </LiveProvider>
    </MeProvider>
  );
}

function Frame({ me, theme, children }: { me: Reader; theme: string; children: React.ReactNode }) {
  const [palette, setPalette] = useState(false);
  const path = usePathname();
  const here = areaOf(me.areas, path);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      setPalette((open) => !open);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
  return (
    <div className="min-h-dvh md:grid md:grid-cols-[216px_minmax(0,1fr)]">
      <a
        href="#main"
        className="sr-only z-50 rounded-control bg-brand px-3 py-2 text-brand-ink focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
      >
        {t('Skip to the content')}
      </a>
      <aside className="sticky top-0 flex h-dvh flex-col gap-1 overflow-y-auto border-r border-line bg-surface px-3 py-4 max-md:hidden">
        <Link
          href={me.areas[0]?.href ?? '/account'}
          className="mb-3 flex items-center gap-2.5 px-2 text-[15px] font-[650]"
        >
          <ProductName />
        </Link>
        <button
          type="button"
          onClick={() => setPalette(true)}
          className="mb-3 flex min-h-9 items-center gap-2 rounded-control border border-edge bg-surface px-2.5 text-muted hover:bg-sunk"
        >
          <Search aria-hidden className="size-4" /> {t('Find')}
          <kbd className="ml-auto rounded-[5px] border border-line px-1 font-mono text-[11px]">{t('Ctrl K')}</kbd>
        </button>
        <nav aria-label={t('Main')} className="grid gap-0.5">
          {me.areas.map((area) => (
            <SideLink key={area.href} area={area} on={area === here} />
          ))}
        </nav>
        <div className="mt-auto grid gap-3 border-t border-line px-2 pt-3">
          <div className="min-w-0 text-[13px]">
            <strong className="block truncate font-semibold">{me.tenantName ?? me.name}</strong>
            <span className="block truncate text-muted">{me.tenantName === null ? me.email : me.name}</span>
          </div>
          <ThemeChoice initial={theme} />
          <LookLinks />
          <SignOutButton />
        </div>
      </aside>
      <div className="min-w-0">
        <header className="flex items-center gap-2 border-b border-line bg-surface py-1 pr-2 pl-4 md:hidden">
          <Link
            href={me.areas[0]?.href ?? '/account'}
            className="mr-auto flex min-h-11 items-center gap-2.5 font-[650]"
          >
            <ProductName />
          </Link>
          <button
            type="button"
            aria-label={t('Find')}
            className="grid size-11 place-items-center text-muted"
            onClick={() => setPalette(true)}
          >
            <Search aria-hidden className="size-5" />
          </button>
        </header>
        <Connection />
        <main
          id="main"
          tabIndex={-1}
          className="mx-auto w-full max-w-[1240px] px-4 pt-5 pb-28 outline-none md:px-7 md:pb-12"
        >
          {children}
        </main>
      </div>
      <BottomBar areas={me.areas} here={here} theme={theme} />
      <CommandPalette open={palette} onClose={() => setPalette(false)} />
    </div>
  );
}

function SideLink({ area, on }: { area: Area; on: boolean }) {
  const Icon = icons[area.icon];
  return (
    <Link
      href={area.href}
      aria-current={on ? 'page' : undefined}
      className={cx(
        'flex min-h-9 items-center gap-2.5 rounded-control px-2.5 font-[500]',
        on ? 'bg-sunk text-text' : 'text-muted hover:bg-sunk hover:text-text',
      )}
    >
      <Icon aria-hidden className="size-4" strokeWidth={1.75} />
      {area.name}
      <LinkBusy />
    </Link>
  );
}

function BottomBar({ areas, here, theme }: { areas: readonly Area[]; here: Area | null; theme: string }) {
  const [open, setOpen] = useState(false);
  const many = areas.length > bottomPlaces;
  const shown = areas.slice(0, bottomPlaces);
  const place = 'grid min-h-14 flex-1 content-center justify-items-center gap-0.5 text-[11px]';
  return (
    <nav
      aria-label={t('Main')}
      className="fixed inset-x-0 bottom-0 z-30 flex border-t border-line bg-surface pb-[env(safe-area-inset-bottom)] md:hidden"
    >
      {shown.map((area) => {
        const Icon = icons[area.icon];
        return (
          <Link
            key={area.href}
            href={area.href}
            aria-current={area === here ? 'page' : undefined}
            className={cx(place, area === here ? 'font-semibold text-brand' : 'text-muted')}
          >
            <Icon aria-hidden className="size-5" strokeWidth={1.75} />
            {area.name}
          </Link>
        );
      })}
      {many && (
        <button type="button" className={cx(place, 'text-muted')} aria-haspopup="dialog" onClick={() => setOpen(true)}>
          <Ellipsis aria-hidden className="size-5" />
          {t('More')}
        </button>
      )}
      <Dialog open={open} onClose={() => setOpen(false)} title={t('Menu')}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: closes after a link in it was followed */}
        <div
          className="grid gap-1"
          onClick={(event) => event.target instanceof Element && event.target.closest('a') && setOpen(false)}
        >
          {areas.map((area) => (
            <SideLink key={area.href} area={area} on={area === here} />
          ))}
          <div className="mt-3 grid gap-3 border-t border-line pt-3">
            <ThemeChoice initial={theme} />
            <SignOutButton />
          </div>
        </div>
      </Dialog>
    </nav>
  );
}

/** Says that what is shown may be old, instead of pretending. */
function Connection() {
  const connected = useConnected();
  return (
    <div role="status">
      {!connected && (
        <p className="flex items-center gap-2 bg-warn-soft px-4 py-2 text-[13px] text-warn md:px-7">
          <WifiOff aria-hidden className="size-4 shrink-0" />
          {t('No live connection to the panel. What you see may be out of date; it is trying again.')}
        </p>
      )}
    </div>
  );
}
