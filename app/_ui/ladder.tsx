'use client';
import { useRouter } from 'next/navigation';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { ContainerActions, useContainerActions } from './container-actions.tsx';
import { reasonFor } from './container-menu.ts';
import { useShownState } from './container-state.tsx';

/**
 * The ways out of trouble, the gentlest first, each with what it changes, what it keeps and whether it can be undone.
 * Only what exists and what the person may do.
 */
export function Ladder({
  container,
  brief = false,
  backups = null,
  snapshots = 0,
}: {
  container: Container;
  brief?: boolean;
  backups?: number | null;
  snapshots?: number;
}) {
  return (
    <ContainerActions>
      <Rungs container={container} brief={brief} backups={backups} snapshots={snapshots} />
    </ContainerActions>
  );
}

function Rungs({
  container,
  brief,
  backups,
  snapshots,
}: {
  container: Container;
  brief: boolean;
  backups: number | null;
  snapshots: number;
}) {
  const router = useRouter();
  const { run, ask, pending } = useContainerActions();
  const down = container.state === 'stopped';
  const { state } = useShownState(container);
  const busy = state === container.state ? null : t('It is being worked on. Wait until that is done.');
  const why = (verb: 'start' | 'restart' | 'repair' | 'rollback' | 'restore' | 'reinstall') => {
    const reason = reasonFor(container, verb);
    return reason === undefined ? undefined : (busy ?? reason);
  };
  const power = why(down ? 'start' : 'restart');
  const repair = why('repair');
  const rollback = why('rollback');
  const restore = why('restore');
  const reinstall = why('reinstall');
  const noBackup =
    backups === 0 || (backups === null && container.lastBackupAt === null)
      ? t('There is no backup yet to restore from. Make one first.')
      : null;
  const verb = down ? 'start' : 'restart';
  const rungs = [
    power === undefined
      ? null
      : {
          name: down ? t('Start') : t('Restart'),
          text: down
            ? t('It is stopped. Nothing in it changes.')
            : t('Ends and starts everything in it. Helps when a program hangs.'),
          keep: t('Keeps all files.'),
          time: t('Usually seconds.'),
          button: (
            <Button
              size="small"
              reason={power}
              pending={pending === `${container.id}:${verb}`}
              onClick={() => run(container, verb)}
            >
              {down ? t('Start') : t('Restart')}
            </Button>
          ),
          reason: power,
        },
    repair === undefined
      ? null
      : {
          name: t('Repair'),
          text: t(
            'It restarts into a fresh rescue system under the same address; your files are at /repair. For when it does not start, or nobody can log in.',
          ),
          keep: t('Keeps all files; “Finish repair” brings its own system back.'),
          time: t('Usually seconds.'),
          button: (
            <Button size="small" reason={repair} onClick={() => ask(container, 'repair')}>
              {t('Repair…')}
            </Button>
          ),
          reason: repair,
        },
    rollback === undefined || snapshots === 0
      ? null
      : {
          name: t('Roll back'),
          text: t('All files go back to a snapshot you took. What was written since is gone.'),
          keep: t('Can be undone: the present files are kept aside.'),
          time: t('Usually seconds.'),
          button: (
            <Button
              size="small"
              reason={rollback}
              onClick={() => document.getElementById('snapshots')?.scrollIntoView({ block: 'center' })}
            >
              {t('Choose')}
            </Button>
          ),
          reason: rollback,
        },
    restore === undefined
      ? null
      : {
          name: t('Restore'),
          text: t('All files go back to a backup you choose. What was written since is gone.'),
          keep: t('Can be undone: the present files are kept aside.'),
          time: t('About as long as its backup takes to read.'),
          button: (
            <Button
              size="small"
              reason={restore ?? noBackup}
              onClick={() => router.push(`/containers/${container.id}/backups`)}
            >
              {t('Choose')}
            </Button>
          ),
          reason: restore ?? noBackup,
        },
    reinstall === undefined
      ? null
      : {
          name: t('Reinstall'),
          lose: t('Replaces the system and everything installed.'),
          text: t('Your old files stay at /old, users and keys are carried over.'),
          keep: t('Can be undone: the present files are kept aside.'),
          time: t('Usually under a minute.'),
          button: (
            <Button size="small" reason={reinstall} onClick={() => ask(container, 'reinstall')}>
              {t('Reinstall…')}
            </Button>
          ),
          reason: reinstall,
        },
  ].filter((rung) => rung !== null);

  return (
    <ol className="divide-y divide-line">
      {rungs.map((rung, index) => (
        <li key={rung.name} className="grid grid-cols-[24px_minmax(0,1fr)_auto] items-start gap-x-3 px-4 py-3">
          <span
            aria-hidden
            className="grid size-6 place-items-center rounded-full bg-sunk text-xs font-semibold tabular-nums"
          >
            {index + 1}
          </span>
          <div className="min-w-0">
            <p className="font-semibold">{rung.name}</p>
            <p className="mt-0.5 text-[13px] text-muted">
              {rung.lose !== undefined && <span className="text-bad">{rung.lose} </span>}
              {rung.text} <span className="text-good">{rung.keep}</span>
              {!brief && ` ${rung.time}`}
            </p>
            {!brief && rung.reason !== null && <p className="mt-1 text-[13px] text-warn">{rung.reason}</p>}
          </div>
          {rung.button}
        </li>
      ))}
    </ol>
  );
}
