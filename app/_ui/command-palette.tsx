'use client';
import { Command } from 'cmdk';
import { Box, CornerDownLeft, Search, Zap } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { Dialog } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { call } from './api.ts';
import { StateBadge } from './badge.tsx';
import { ContainerActions, useContainerActions } from './container-actions.tsx';
import { containerMenu } from './container-menu.ts';
import { useMe } from './me.tsx';

const waitMs = 150;
const containersShown = 8;

/** Finds containers, pages and actions from the keyboard, wherever one is. */
export function CommandPalette({ open, onClose }: { open: boolean; onClose: () => void }) {
  return (
    <ContainerActions>
      <Dialog.Root open={open} onOpenChange={(next) => !next && onClose()}>
        <Dialog.Portal>
          <Dialog.Overlay className="fixed inset-0 z-40 bg-black/45" />
          <Dialog.Content
            aria-describedby={undefined}
            className="card pop-in fixed inset-x-3 top-[8vh] z-50 mx-auto max-w-xl overflow-hidden shadow-pop focus:outline-none"
          >
            <Dialog.Title className="sr-only">{t('Find a container, a page or an action')}</Dialog.Title>
            <Palette onClose={onClose} />
          </Dialog.Content>
        </Dialog.Portal>
      </Dialog.Root>
    </ContainerActions>
  );
}

function useContainers(text: string): { found: readonly Container[]; busy: boolean } {
  const [state, setState] = useState<{ found: readonly Container[]; busy: boolean }>({ found: [], busy: true });
  useEffect(() => {
    let current = true;
    setState((before) => ({ ...before, busy: true }));
    const timer = setTimeout(
      () => {
        call('containers.list', { query: { limit: containersShown, ...(text === '' ? {} : { q: text }) } }).then(
          (page) => current && setState({ found: page.items, busy: false }),
          () => current && setState({ found: [], busy: false }),
        );
      },
      text === '' ? 0 : waitMs,
    );
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return state;
}

const group =
  '[&_[cmdk-group-heading]]:px-2.5 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted';
const item =
  'flex min-h-10 cursor-pointer items-center gap-2.5 rounded-control px-2.5 data-[selected=true]:bg-sunk aria-disabled:cursor-not-allowed aria-disabled:text-muted';

function Palette({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const router = useRouter();
  const { run, ask } = useContainerActions();
  const [text, setText] = useState('');
  const [value, setValue] = useState('');
  // Words of an action may follow the name: "web-1 restart".
  const first = text.trim().split(/\s+/)[0] ?? '';
  const { found, busy } = useContainers(first);
  const go = (address: string) => {
    onClose();
    router.push(address);
  };
  const wanted = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  const fits = (...parts: string[]) => wanted.every((word) => parts.some((part) => part.toLowerCase().includes(word)));
  const areas = me.areas.filter((area) => fits(area.name, area.words));
  const actions = found
    .slice(0, wanted.length > 0 ? 3 : 0)
    .flatMap((container) =>
      containerMenu(container, {
        run: (each, verb) => {
          onClose();
          run(each, verb);
        },
        ask: (each, verb) => {
          onClose();
          ask(each, verb);
        },
        go,
      }).flatMap((entry) => (entry === 'line' || entry.reason ? [] : [{ container, entry }])),
    )
    .filter(({ container, entry }) => fits(container.name, container.id, entry.label, ...container.addresses))
    .slice(0, 10);
  return (
    <Command
      shouldFilter={false}
      value={value}
      onValueChange={setValue}
      label={t('Find a container, a page or an action')}
      loop
    >
      <div className="flex items-center gap-2.5 border-b border-line px-4">
        <Search aria-hidden className="size-4 text-muted" />
        <Command.Input
          value={text}
          onValueChange={setText}
          placeholder={t('Container, page or action')}
          className="min-h-12 w-full bg-transparent text-base outline-none"
        />
      </div>
      <Command.List label={t('Results')} className="max-h-[min(60vh,440px)] overflow-y-auto p-1.5">
        {!busy && (
          <Command.Empty className="px-3 py-8 text-center text-muted">
            {t('Nothing fits. Try a part of the name.')}
          </Command.Empty>
        )}
        {found.length > 0 && (
          <Command.Group heading={t('Containers')} className={group}>
            {found.map((container) => (
              <Command.Item
                key={container.id}
                value={container.id}
                className={item}
                onSelect={() => go(`/containers/${container.id}`)}
              >
                <Box aria-hidden className="size-4 shrink-0 text-muted" />
                <span className="min-w-0 flex-1 truncate">
                  {container.name}{' '}
                  <span className="sub">{me.tenantId === null ? container.tenantName : container.addresses[0]}</span>
                </span>
                <StateBadge state={container.state} />
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {actions.length > 0 && (
          <Command.Group heading={t('Actions')} className={group}>
            {actions.map(({ container, entry }) => (
              <Command.Item
                key={`${container.id} ${entry.label}`}
                value={`${container.id} ${entry.label}`}
                className={item}
                onSelect={entry.onSelect}
              >
                <Zap aria-hidden className="size-4 shrink-0 text-muted" />
                <span className="min-w-0 truncate">
                  {entry.label} <span className="sub">{container.name}</span>
                </span>
              </Command.Item>
            ))}
          </Command.Group>
        )}
        {areas.length > 0 && (
          <Command.Group heading={t('Pages')} className={group}>
            {areas.map((area) => (
              <Command.Item key={area.href} value={area.href} className={item} onSelect={() => go(area.href)}>
                <CornerDownLeft aria-hidden className="size-4 shrink-0 text-muted" />
                {area.name}
              </Command.Item>
            ))}
          </Command.Group>
        )}
      </Command.List>
    </Command>
  );
}
