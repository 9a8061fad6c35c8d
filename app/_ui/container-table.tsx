'use client';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { BulkBar } from './bulk/bulk-bar.tsx';
import { useChoice } from './bulk/use-choice.ts';
import { Button } from './button.tsx';
import { ContainerActions, useContainerActions } from './container-actions.tsx';
import { containerMenu } from './container-menu.ts';
import { ContainerStateCell, useShownState } from './container-state.tsx';
import { cx } from './cx.ts';
import { LabelChips } from './labels/chips.tsx';
import { useActiveOperation } from './live.tsx';
import { Progress } from './meter.tsx';
import { RowMenuButton, RowMenuProvider } from './row-menu.tsx';
import { Ago, Elapsed } from './time.tsx';
import { CpuMeter, DiskMeter, MemoryMeter } from './usage.tsx';
import { currentStep, operationTitle } from './words.ts';

/**
 * Containers as rows; on a phone as small cards. For staff also whose they are and where they run. Several can be chosen, for what is done
 * to all of them. `labels`: those in use, for who may label.
 */
export function ContainerTable({
  containers,
  staff = false,
  labels = null,
}: {
  containers: readonly Container[];
  staff?: boolean;
  labels?: readonly string[] | null;
}) {
  const choice = useChoice(containers);
  return (
    <ContainerActions>
      <RowMenuProvider>
        <BulkBar choice={choice} labels={labels} />
        <div className="card">
          <table className="table">
            <thead>
              <tr>
                <th scope="col" className="w-9 pr-0!">
                  <input
                    type="checkbox"
                    aria-label={t('Choose all on this page')}
                    className="size-4 accent-(--brand)"
                    checked={choice.whole}
                    onChange={choice.all}
                  />
                </th>
                <th scope="col" className="w-[22%]">
                  {t('Name')}
                </th>
                <th scope="col" className="w-[15%]">
                  {t('State')}
                </th>
                <th scope="col" className="w-[13%]">
                  {t('CPU')}
                </th>
                <th scope="col" className="w-[15%]">
                  {t('Memory')}
                </th>
                <th scope="col" className="w-[15%]">
                  {t('Disk')}
                </th>
                <th scope="col">{staff ? t('Tenant, host') : t('Last backup')}</th>
                <th scope="col" className="w-32">
                  <span className="sr-only">{t('Actions')}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {containers.map((container) => (
                <Row
                  key={container.id}
                  container={container}
                  staff={staff}
                  chosen={choice.has(container.id)}
                  onChoose={() => choice.toggle(container.id)}
                />
              ))}
            </tbody>
          </table>
        </div>
      </RowMenuProvider>
    </ContainerActions>
  );
}

function Row({
  container,
  staff,
  chosen,
  onChoose,
}: {
  container: Container;
  staff: boolean;
  chosen: boolean;
  onChoose: () => void;
}) {
  const router = useRouter();
  const { run, ask, pending } = useContainerActions();
  const { state } = useShownState(container);
  const operation = useActiveOperation(container.id, container.operation);
  const start = container.can.start;
  const quick = state === 'stopped' && start?.allowed === true && operation === null;
  return (
    <tr className={cx('relative', chosen && 'bg-brand-soft/40')}>
      <td className="w-9 pr-0! max-md:absolute max-md:top-1 max-md:left-1">
        <label className="relative z-10 grid size-9 place-items-center md:-m-2.5 max-md:size-11">
          <input
            type="checkbox"
            aria-label={t('Choose {name}', { name: container.name })}
            className="size-4 accent-(--brand)"
            checked={chosen}
            onChange={onChoose}
          />
        </label>
      </td>
      <td className="max-md:ml-9 max-md:pr-9!">
        <Link
          href={`/containers/${container.id}`}
          className="font-semibold [overflow-wrap:anywhere] after:absolute after:inset-0 hover:underline focus-visible:outline-none focus-visible:after:rounded-card focus-visible:after:outline-2 focus-visible:after:-outline-offset-2 focus-visible:after:outline-(--focus)"
        >
          {container.name}
        </Link>
        <div className="sub">{container.addresses[0] ?? t('no address')}</div>
        <LabelChips labels={container.labels} />
      </td>
      <td className="max-md:max-w-[calc(100%-3rem)]">
        <ContainerStateCell container={container} />
      </td>
      <Middle container={container} state={state} />
      {staff ? (
        <td data-label={t('Tenant, host')}>
          <span className="line-clamp-2 [overflow-wrap:anywhere]" title={container.tenantName}>
            {container.tenantName}
          </span>
          <span className="sub block [overflow-wrap:anywhere]">{container.hostName}</span>
        </td>
      ) : (
        <td data-label={t('Last backup')} className={container.lastBackupAt === null ? 'text-warn' : ''}>
          {container.lastBackupAt === null ? t('Never') : <Ago at={container.lastBackupAt} />}
        </td>
      )}
      <td className="max-md:absolute max-md:top-2 max-md:right-2">
        <div className="relative z-10 flex items-center justify-end gap-1">
          {quick && (
            <Button
              size="small"
              className="max-md:hidden"
              pending={pending === `${container.id}:start`}
              onClick={() => run(container, 'start')}
            >
              {t('Start')}
            </Button>
          )}
          <RowMenuButton
            label={t('Actions for {name}', { name: container.name })}
            items={containerMenu(container, { run, ask, go: router.push })}
          />
        </div>
      </td>
    </tr>
  );
}

/** Meters, or while something changes the container what that is, or why there is nothing to measure. */
function Middle({ container, state }: { container: Container; state: Container['state'] }) {
  const operation = useActiveOperation(container.id, container.operation);
  if (operation !== null && operation.state !== 'stuck') {
    const step = currentStep(operation);
    return (
      <td colSpan={3}>
        <div className="grid max-w-md gap-1.5">
          <div className="flex justify-between gap-3 text-xs text-muted">
            <span className="truncate">
              {operationTitle(operation)}
              {step !== null && `: ${said(step.title)}`}
            </span>
            <Elapsed from={operation.startedAt ?? operation.queuedAt} />
          </div>
          <Progress percent={operation.percent} label={`${operationTitle(operation)}: ${container.name}`} />
        </div>
      </td>
    );
  }
  if (operation?.state === 'stuck') {
    return (
      <td colSpan={3} className="text-[13px]">
        <span className="font-[550] text-bad">{operationTitle(operation)}.</span>{' '}
        {t('A person has to decide what happens next; open it to see why.')}
      </td>
    );
  }
  if (state === 'unknown') {
    return (
      <td colSpan={3} className="sub">
        {t('Its server does not answer. Whether it still runs cannot be seen from here; nothing is changed meanwhile.')}
      </td>
    );
  }
  return (
    <>
      <td className="max-md:inline-block max-md:w-1/3 max-md:pr-3">
        <CpuMeter container={container} hideLabel />
      </td>
      <td className="max-md:inline-block max-md:w-1/3 max-md:pr-3">
        <MemoryMeter container={container} hideLabel />
      </td>
      <td className="max-md:inline-block max-md:w-1/3">
        <DiskMeter container={container} hideLabel />
      </td>
    </>
  );
}
