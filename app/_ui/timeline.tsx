'use client';
import Link from 'next/link';
import type { Operation } from '#lib/contract/operations.ts';
import { Every } from '#lib/contract/schedules.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { operationIcons, toneText } from './badge.tsx';
import { cx } from './cx.ts';
import { bytes, duration } from './format.ts';
import { LeftOut } from './left-out.tsx';
import { useOperation } from './live.tsx';
import { useMe } from './me.tsx';
import { Progress } from './meter.tsx';
import { OperationButtons } from './operation-buttons.tsx';
import { Stuck } from './operation-card.tsx';
import { OperationSteps } from './operation-steps.tsx';
import { TicketsAbout } from './tickets/mentions.tsx';
import { Ago, At, Left } from './time.tsx';
import { actorWords, isActive, operationStateWords, operationTitle } from './words.ts';

/** Facts of a result worth a line to the person who asked. */
export function resultWords(result: Operation['result']): string[] {
  const words: string[] = [];
  if (typeof result.note === 'string' && result.note !== '') words.push(t('“{note}”', { note: result.note }));
  if (typeof result.changed === 'number')
    words.push(t('{n, plural, one {# thing} other {# things}} put back', { n: result.changed }));
  if (typeof result.bytesAdded === 'number') words.push(t('{size} new', { size: bytes(result.bytesAdded) }));
  if (typeof result.freezeMs === 'number') words.push(t('paused for {n} ms', { n: Math.round(result.freezeMs) }));
  if (result.accessKept === false)
    words.push(t('host name and ssh keys could not all be written into these files: set them again in the settings'));
  if (result.scheduleRuns === null) words.push(t('backups by schedule have stopped: the plan has none'));
  const runs = Every.safeParse(result.scheduleRuns).data;
  if (runs !== undefined)
    words.push(
      t('backups by schedule now run {every, select, hour {hourly} day {daily} week {weekly} other {monthly}}', {
        every: runs,
      }),
    );
  return words;
}

/** Operations, newest first: what, by whom, how long, how it ended, and what can still be done about it. */
export function Timeline({
  operations,
  withContainer,
  brief,
}: {
  operations: readonly Operation[];
  withContainer?: boolean;
  brief?: boolean;
}) {
  return (
    <ol className="divide-y divide-line">
      {operations.map((operation) => (
        <Entry key={operation.id} given={operation} withContainer={withContainer ?? false} brief={brief ?? false} />
      ))}
    </ol>
  );
}

function Entry({ given, withContainer, brief }: { given: Operation; withContainer: boolean; brief: boolean }) {
  const operation = useOperation(given);
  const me = useMe();
  const Icon = operationIcons[operation.state];
  const { tone } = operationStateWords[operation.state];
  const active = isActive(operation);
  const took =
    operation.startedAt && operation.endedAt ? Date.parse(operation.endedAt) - Date.parse(operation.startedAt) : null;
  const retainedUntil =
    operation.can.undo && typeof operation.result.retainedUntil === 'string' ? operation.result.retainedUntil : null;
  const facts = [
    actorWords(operation, me.id),
    took === null ? null : t('took {time}', { time: duration(took) }),
    operation.attempt > 1 ? t('attempt {n}', { n: operation.attempt }) : null,
    ...resultWords(operation.result),
  ].filter((fact) => fact !== null);
  return (
    <li className="grid grid-cols-[20px_minmax(0,1fr)] gap-x-3 px-4 py-3">
      <Icon aria-hidden className={cx('mt-0.5 size-4', toneText[tone], operation.state === 'running' && 'spin')} />
      <div className="grid min-w-0 gap-1.5">
        <div className="flex flex-wrap items-baseline gap-x-3">
          <p className="mr-auto min-w-0 [overflow-wrap:anywhere]">
            <strong className="font-semibold">{operationTitle(operation)}</strong>
            {withContainer && operation.containerName !== null && (
              <>
                {' · '}
                {operation.containerId === null ? (
                  operation.containerName
                ) : (
                  <Link
                    className="underline decoration-line underline-offset-3 hover:decoration-current"
                    href={`/containers/${operation.containerId}`}
                  >
                    {operation.containerName}
                  </Link>
                )}
              </>
            )}
          </p>
          <Ago at={operation.endedAt ?? operation.queuedAt} className="sub whitespace-nowrap" />
        </div>
        <p className="sub [overflow-wrap:anywhere]">
          {facts.join(' · ')}
          {typeof operation.result.backupAt === 'string' && (
            <> · {rich('from the backup of {at}', { at: <At key="at" at={operation.result.backupAt} /> })}</>
          )}
          {retainedUntil !== null && (
            <> · {rich('can be undone for {left}', { left: <Left key="left" until={retainedUntil} /> })}</>
          )}
        </p>
        {!brief && <LeftOut operation={operation} />}
        {active && operation.state !== 'stuck' && (
          <Progress percent={operation.percent} label={operationTitle(operation)} />
        )}
        {(active || operation.state === 'failed') && !brief && <OperationSteps steps={operation.steps} />}
        {operation.state === 'stuck' && !brief && <Stuck operation={operation} />}
        {operation.error !== null && operation.state !== 'stuck' && (
          <p className="text-[13px]">
            {said(operation.error.detail)} {said(operation.error.remedy ?? '')}{' '}
            <span className="sub font-mono text-xs [overflow-wrap:anywhere]">
              {t('Reference {id}', { id: operation.id })}
            </span>
          </p>
        )}
        {!brief && <TicketsAbout operationId={operation.id} />}
        {!brief && Object.values(operation.can).some(Boolean) && (
          <div className="mt-1 flex flex-wrap gap-2">
            <OperationButtons operation={operation} />
          </div>
        )}
      </div>
    </li>
  );
}
