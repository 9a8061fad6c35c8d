'use client';
import { Ellipsis, Play, Save, SquareTerminal } from 'lucide-react';
import { useRouter } from 'next/navigation';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { StateBadge } from './badge.tsx';
import { Button, LinkButton } from './button.tsx';
import { ContainerActions, useContainerActions } from './container-actions.tsx';
import { containerMenu, reasonFor } from './container-menu.ts';
import { StateSub, useShownState } from './container-state.tsx';
import { MenuButton } from './row-menu.tsx';
import { GetHelp } from './tickets/get-help.tsx';

/** Name, state and what is most likely wanted next: Start when it is down, else the way in and a backup. */
export function ContainerHead({ container, staff }: { container: Container; staff: boolean }) {
  return (
    <ContainerActions>
      <Head container={container} staff={staff} />
    </ContainerActions>
  );
}

function Head({ container, staff }: { container: Container; staff: boolean }) {
  const router = useRouter();
  const { run, ask, pending } = useContainerActions();
  const { state, percent } = useShownState(container);
  const busy = state !== container.state ? t('It is being worked on. Wait until that is done.') : null;
  const reason = (verb: 'start' | 'stop' | 'restart' | 'backup') => {
    const why = reasonFor(container, verb);
    return why === undefined ? undefined : (busy ?? why);
  };
  const down = state === 'stopped' || state === 'starting' || state === 'creating' || state === 'suspended';
  const start = reason('start');
  const stop = reason('stop');
  const restart = reason('restart');
  const backup = reason('backup');
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-3">
      <div className="mr-auto min-w-0">
        <div className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <h1 className="text-xl font-[650] tracking-tight [overflow-wrap:anywhere]">{container.name}</h1>
          <span className="inline-flex flex-wrap items-center gap-x-2" aria-live="polite">
            <StateBadge state={state} percent={percent} />
          </span>
          <StateSub container={container} state={state} />
        </div>
        <p className="sub mt-0.5 [overflow-wrap:anywhere]">
          {[
            container.template.title,
            container.addresses[0] ?? t('no address'),
            t('server {name}', { name: container.hostName }),
            ...(staff ? [container.tenantName] : []),
          ].join(' · ')}
        </p>
      </div>
      <div className="flex flex-wrap items-center gap-2">
        {container.can.console?.allowed === true && (state === 'running' || state === 'repairing') && (
          <LinkButton href={`/containers/${container.id}/console`}>
            <SquareTerminal aria-hidden /> {t('Console')}
          </LinkButton>
        )}
        {backup !== undefined && (
          <Button reason={backup} onClick={() => ask(container, 'backup')}>
            <Save aria-hidden /> {t('Back up now')}
          </Button>
        )}
        {down && start !== undefined ? (
          <Button
            variant="primary"
            reason={start}
            pending={pending === `${container.id}:start`}
            onClick={() => run(container, 'start')}
          >
            <Play aria-hidden /> {t('Start')}
          </Button>
        ) : (
          <>
            {restart !== undefined && (
              <Button
                className="max-md:hidden"
                reason={restart}
                pending={pending === `${container.id}:restart`}
                onClick={() => run(container, 'restart')}
              >
                {t('Restart')}
              </Button>
            )}
            {stop !== undefined && (
              <Button
                className="max-md:hidden"
                reason={stop}
                pending={pending === `${container.id}:stop`}
                onClick={() => run(container, 'stop')}
              >
                {t('Stop')}
              </Button>
            )}
          </>
        )}
        <GetHelp brief about={{ containerId: container.id, containerName: container.name }} />
        <MenuButton
          label={t('More actions for {name}', { name: container.name })}
          items={containerMenu(container, { run, ask, go: router.push })}
        >
          <Ellipsis aria-hidden className="size-4" />
        </MenuButton>
      </div>
    </div>
  );
}
