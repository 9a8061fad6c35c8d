'use client';
import { Ban, CircleHelp, TriangleAlert } from 'lucide-react';
import { holdWords } from '#lib/contract/holds.ts';
import type { Container } from '#lib/contract/rest.ts';
import { LinkButton } from './button.tsx';
import { useShownState } from './container-state.tsx';
import { alarming, comebackWords, exitAdvice, exitSentence } from './exit-words.ts';
import { bytesOf } from './format.ts';
import { HoldWords } from './holds/hold-banner.tsx';
import { nearlyFull } from './meter.tsx';
import { OldFilesNotice } from './old-files-notice.tsx';
import { Notice } from './page.tsx';
import { RepairNotice } from './repair-notice.tsx';
import { Ago, At, Left } from './time.tsx';
import { useUsage } from './usage.tsx';
import { stateWords } from './words.ts';

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
        <Notice tone="warn" icon={CircleHelp} title="Its server does not answer">
          {lastKnown === null ? (
            'There has been no word from it yet.'
          ) : (
            <>
              It was {stateWords[lastKnown.state].word.toLowerCase()} <Ago at={lastKnown.at} />; whether it still is
              cannot be seen from here. This page shows it as soon as the server answers.
            </>
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
            title={
              <>
                On hold since <At at={hold.placedAt} />: {holdWords[hold.reason].title.toLowerCase()}
              </>
            }
          >
            {bound ? (
              <HoldWords hold={hold} over="container" />
            ) : (
              <>
                {hold.message} {hold.over === 'tenant' && 'All of the tenant is on hold.'} Its people can only look.
              </>
            )}
          </Notice>
        ))}
      {state === 'stopped' && lastExit !== null && alarming.has(lastExit.cause) && (
        <Notice
          tone="bad"
          icon={TriangleAlert}
          title={
            <>
              Stopped: {exitSentence(lastExit)}, <At at={lastExit.at} />
            </>
          }
          action={fix && <LinkButton href={`/containers/${container.id}/fix`}>Fix it</LinkButton>}
        >
          {comebackWords(container)}{' '}
          {restarts?.nextAt != null && (
            <>
              Next start in <Left until={restarts.nextAt} />.{' '}
            </>
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
            title={
              <>
                It was started again: {exitSentence(lastExit)}, <At at={lastExit.at} />
              </>
            }
          >
            It runs again since.{' '}
            {restarts !== null &&
              restarts.counted > 1 &&
              `It ended ${restarts.counted} times lately; after ${restarts.limit} it stays down. `}
            {lastExit.cause !== 'host' && exitAdvice(lastExit.cause)}
          </Notice>
        )}
      {usage !== null && usage.diskBytes / resources.diskBytes >= nearlyFull && (
        <Notice
          tone="warn"
          icon={TriangleAlert}
          title={`Disk is ${Math.min(100, Math.floor((usage.diskBytes / resources.diskBytes) * 100))} % full`}
        >
          {bytesOf(usage.diskBytes, resources.diskBytes)} used. When it is full, programs inside can no longer write.
          Free some space, or ask for a larger plan.
        </Notice>
      )}
      {usage !== null && usage.inodes / resources.inodes >= nearlyFull && (
        <Notice
          tone="warn"
          icon={TriangleAlert}
          title={`${Math.floor((usage.inodes / resources.inodes) * 100)} % of its files are used up`}
        >
          {usage.inodes.toLocaleString('en')} of {resources.inodes.toLocaleString('en')} files. When none are left, no
          new ones can be written, however small.
        </Notice>
      )}
    </>
  );
}
