'use client';
import { Ban, CircleHelp, TriangleAlert } from 'lucide-react';
import type { Container } from '#lib/contract/containers.ts';
import { type HoldReason, holdWords } from '#lib/contract/holds.ts';
import { rich, t } from '#lib/language/text.ts';
import { LinkButton } from './button.tsx';
import { stateInSentence, useShownState } from './container-state.tsx';
import { alarming, comebackWords, exitAdvice, exitSentence } from './exit-words.ts';
import { bytesOf } from './format.ts';
import { HoldWords } from './holds/hold-banner.tsx';
import { nearlyFull } from './meter.tsx';
import { OldFilesNotice } from './old-files-notice.tsx';
import { Notice } from './page.tsx';
import { RepairNotice } from './repair-notice.tsx';
import { Ago, At, Left } from './time.tsx';
import { useUsage } from './usage.tsx';

function holdInSentence(reason: HoldReason): string {
  const { title } = holdWords[reason];
  return t(title.toLowerCase() as Lowercase<typeof title>);
}

/** What a frightened reader must know first: why it is down, what that means, what the safest next step is. */
export function ContainerNotices({
  container,
  bound = false,
}: {
  container: Container;
  /** A hold lets the reader look only; what holds all of their account is said above every page already. */
  bound?: boolean;
}) {
  const usage = useUsage(container);
  const { lastExit, lastKnown, resources } = container;
  const { state } = useShownState(container);
  const fix = container.can.restore !== undefined || container.can.reinstall !== undefined;
  const { restarts } = container;
  return (
    <>
      {state === 'unknown' && (
        <Notice tone="warn" icon={CircleHelp} title={t('Its server does not answer')}>
          {lastKnown === null
            ? t('There has been no word from it yet.')
            : rich(
                'It was {state} {ago}; whether it still is cannot be seen from here. This page shows it as soon as the server answers.',
                { state: stateInSentence(lastKnown.state), ago: <Ago key="ago" at={lastKnown.at} /> },
              )}
        </Notice>
      )}
      <RepairNotice container={container} />
      <OldFilesNotice container={container} />
      {container.holds
        .filter((hold) => !bound || hold.over === 'container')
        .map((hold) => (
          <Notice
            key={hold.reason}
            tone="bad"
            icon={Ban}
            title={rich('On hold since {at}: {reason}', {
              at: <At key="at" at={hold.placedAt} />,
              reason: holdInSentence(hold.reason),
            })}
          >
            {bound ? (
              <HoldWords hold={hold} over="container" />
            ) : (
              <>
                {hold.message} {hold.over === 'tenant' && t('All of the tenant is on hold.')}{' '}
                {t('Its people can only look.')}
              </>
            )}
          </Notice>
        ))}
      {state === 'stopped' && lastExit !== null && alarming.has(lastExit.cause) && (
        <Notice
          tone="bad"
          icon={TriangleAlert}
          title={rich('Stopped: {why}, {at}', { why: exitSentence(lastExit), at: <At key="at" at={lastExit.at} /> })}
          action={fix && <LinkButton href={`/containers/${container.id}/fix`}>{t('Fix it')}</LinkButton>}
        >
          {comebackWords(container)}{' '}
          {restarts?.nextAt != null && (
            <>{rich('Next start in {left}.', { left: <Left key="left" until={restarts.nextAt} /> })} </>
          )}
          {exitAdvice(lastExit.cause)}
        </Notice>
      )}
      {state === 'running' &&
        lastExit !== null &&
        alarming.has(lastExit.cause) &&
        container.since !== null &&
        lastExit.at <= container.since && (
          <Notice
            tone="warn"
            icon={TriangleAlert}
            title={rich('It was started again: {why}, {at}', {
              why: exitSentence(lastExit),
              at: <At key="at" at={lastExit.at} />,
            })}
          >
            {t('It runs again since.')}{' '}
            {restarts !== null &&
              restarts.counted > 1 &&
              `${t('It ended {counted} times lately; after {limit} it stays down.', { counted: restarts.counted, limit: restarts.limit })} `}
            {lastExit.cause !== 'host' && exitAdvice(lastExit.cause)}
          </Notice>
        )}
      {usage !== null && usage.diskBytes / resources.diskBytes >= nearlyFull && (
        <Notice
          tone="warn"
          icon={TriangleAlert}
          title={t('Disk is {percent} % full', {
            percent: Math.min(100, Math.floor((usage.diskBytes / resources.diskBytes) * 100)),
          })}
        >
          {t(
            '{used} used. When it is full, programs inside can no longer write. Free some space, or ask for a larger plan.',
            { used: bytesOf(usage.diskBytes, resources.diskBytes) },
          )}
        </Notice>
      )}
      {usage !== null && usage.inodes / resources.inodes >= nearlyFull && (
        <Notice
          tone="warn"
          icon={TriangleAlert}
          title={t('{percent} % of its files are used up', {
            percent: Math.floor((usage.inodes / resources.inodes) * 100),
          })}
        >
          {t(
            '{used, number} of {whole, number} files. When none are left, no new ones can be written, however small.',
            { used: usage.inodes, whole: resources.inodes },
          )}
        </Notice>
      )}
    </>
  );
}
