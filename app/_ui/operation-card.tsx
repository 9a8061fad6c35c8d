'use client';
import { Clock, LoaderCircle, TriangleAlert } from 'lucide-react';
import type { Container } from '#lib/contract/containers.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { rich, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { cx } from './cx.ts';
import { useActiveOperation } from './live.tsx';
import { useMe } from './me.tsx';
import { Progress } from './meter.tsx';
import { OperationButtons } from './operation-buttons.tsx';
import { OperationSteps } from './operation-steps.tsx';
import { TicketsAbout } from './tickets/mentions.tsx';
import { Elapsed, Left } from './time.tsx';
import { actorWords, currentStep, operationTitle } from './words.ts';

/** What runs on a container now; appears as soon as it is asked for and says its progress to screen readers too. */
export function ActiveOperation({ container }: { container: Pick<Container, 'id' | 'operation'> }) {
  const operation = useActiveOperation(container.id, container.operation);
  return (
    <div aria-live="polite">{operation !== null && <OperationCard key={operation.id} operation={operation} />}</div>
  );
}

/** `named` says whose it is too, for lists of many containers. */
export function OperationCard({ operation, named = false }: { operation: Operation; named?: boolean }) {
  const me = useMe();
  const stuck = operation.state === 'stuck';
  const Icon = stuck ? TriangleAlert : operation.state === 'queued' ? Clock : LoaderCircle;
  const deadline = currentStep(operation)?.deadline ?? null;
  const tone = stuck ? 'text-bad' : operation.state === 'undoing' ? 'text-warn' : 'text-busy';
  return (
    <section
      className={cx(
        'card mb-4 flex flex-wrap items-start gap-x-3.5 gap-y-3 border-l-[3px] px-4 py-3.5',
        stuck ? 'border-l-bad' : 'border-l-busy',
      )}
    >
      <Icon aria-hidden className={cx('mt-0.5 size-5 shrink-0', tone, Icon === LoaderCircle && 'spin')} />
      <div className="grid min-w-0 flex-1 basis-60 gap-2">
        <p className="flex flex-wrap items-baseline gap-x-2">
          <strong className="font-semibold [overflow-wrap:anywhere]">
            {operationTitle(operation)}
            {named && operation.containerName !== null && `: ${operation.containerName}`}
          </strong>
          {!stuck && <span className="font-[550] tabular-nums">{Math.round(operation.percent)} %</span>}
          {/* The seconds are for the eye only: read aloud, they would drown everything else. */}
          <span className="sub" aria-live="off">
            {actorWords(operation, me.id)} · <Elapsed from={operation.startedAt ?? operation.queuedAt} />
            {operation.attempt > 1 && ` · ${t('attempt {n}', { n: operation.attempt })}`}
            {deadline !== null && (
              <>
                {' '}
                ·{' '}
                {rich('killed in {left} unless it ends before', { left: <Left key="left" until={deadline} dative /> })}
              </>
            )}
            {typeof operation.result.freezeMs === 'number' &&
              ` · ${t('paused the container for {n} ms', { n: Math.round(operation.result.freezeMs) })}`}
          </span>
        </p>
        {!stuck && (
          <div aria-live="off">
            <Progress percent={operation.percent} label={operationTitle(operation)} />
          </div>
        )}
        <OperationSteps steps={operation.steps} />
        {stuck && <Stuck operation={operation} />}
        <TicketsAbout operationId={operation.id} />
      </div>
      <div className="flex flex-wrap gap-2">
        <OperationButtons operation={operation} />
      </div>
    </section>
  );
}

/** What was tried, what a person must look at, and the reference. */
export function Stuck({ operation }: { operation: Operation }) {
  return (
    <div className="grid gap-1.5 text-[13px]">
      {operation.error && (
        <p>
          {said(operation.error.detail)} {said(operation.error.remedy ?? '')}
        </p>
      )}
      {operation.evidence.length > 0 && (
        <ul className="grid gap-1 rounded-control bg-sunk px-3 py-2 font-mono text-xs">
          {operation.evidence.map((line) => (
            <li key={line} className="[overflow-wrap:anywhere]">
              {said(line)}
            </li>
          ))}
        </ul>
      )}
      <p className="sub">
        {t('Nothing else is done to this container until somebody has decided. Reference {id}', { id: operation.id })}
      </p>
    </div>
  );
}
