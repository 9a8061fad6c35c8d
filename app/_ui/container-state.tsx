'use client';
import type { Container } from '#lib/contract/containers.ts';
import { rich, t } from '#lib/language/text.ts';
import { StateBadge } from './badge.tsx';
import { exitWords } from './exit-words.ts';
import { useActiveOperation } from './live.tsx';
import { Ago, Since } from './time.tsx';
import { isActive, shownState, stateWords } from './words.ts';

type Stated = Pick<Container, 'id' | 'state' | 'since' | 'lastKnown' | 'lastExit' | 'holds' | 'operation'>;

/** The state as it is known at this moment, the stream included. */
export function useShownState(container: Stated): { state: Container['state']; percent: number | null } {
  const live = useActiveOperation(container.id, container.operation);
  const state = shownState(container, live);
  const percent = live !== null && isActive(live) && stateWords[state].tone === 'busy' ? live.percent : null;
  return { state, percent };
}

/** What it is, within a sentence. */
export function stateInSentence(state: Container['state']): string {
  const { word } = stateWords[state];
  return t(word.toLowerCase() as Lowercase<typeof word>);
}

/** Badge and, below it, since when and why. Unknown says what was last known and how old that is, and guesses nothing. */
export function ContainerStateCell({ container }: { container: Stated }) {
  const { state, percent } = useShownState(container);
  return (
    <div className="grid justify-items-start gap-0.5">
      <StateBadge state={state} percent={percent} />
      <StateSub container={container} state={state} />
    </div>
  );
}

/** What was last known of one whose server is silent, and how old that is. */
export function LastKnown({ lastKnown }: { lastKnown: NonNullable<Container['lastKnown']> }) {
  return (
    <span className="sub">
      {rich('was {state} {ago}', {
        state: stateInSentence(lastKnown.state),
        ago: <Ago key="ago" at={lastKnown.at} />,
      })}
    </span>
  );
}

export function StateSub({ container, state }: { container: Stated; state: Container['state'] }) {
  if (state === 'unknown') {
    if (container.lastKnown === null) return <span className="sub">{t('no word from its server yet')}</span>;
    return <LastKnown lastKnown={container.lastKnown} />;
  }
  if (state === 'suspended') {
    return <span className="sub">{container.holds.map((hold) => hold.message ?? t(hold.reason)).join(', ')}</span>;
  }
  if (state !== container.state || container.since === null) return null;
  if (state === 'stopped') {
    const { lastExit } = container;
    const since = <Since key="since" at={container.since} dative />;
    return (
      <span className="sub">
        {lastExit === null
          ? rich('for {since}', { since })
          : rich('{why}, {since} ago', {
              why: lastExit.cause === 'stopped' ? t('from the panel') : t(exitWords[lastExit.cause]),
              since,
            })}
      </span>
    );
  }
  if (state === 'running') {
    return (
      <span className="sub">
        <Since at={container.since} />
      </span>
    );
  }
  return null;
}
