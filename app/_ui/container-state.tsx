'use client';
import type { Container } from '#lib/contract/rest.ts';
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

export function StateSub({ container, state }: { container: Stated; state: Container['state'] }) {
  if (state === 'unknown') {
    if (container.lastKnown === null) return <span className="sub">no word from its server yet</span>;
    return (
      <span className="sub">
        was {stateWords[container.lastKnown.state].word.toLowerCase()} <Ago at={container.lastKnown.at} />
      </span>
    );
  }
  if (state === 'suspended') {
    return <span className="sub">{container.holds.map((hold) => hold.message ?? hold.reason).join(', ')}</span>;
  }
  if (state !== container.state || container.since === null) return null;
  if (state === 'stopped') {
    return (
      <span className="sub">
        {container.lastExit === null ? 'for ' : `${exitWords[container.lastExit.cause].replace(/^Stopped /, '')}, `}
        <Since at={container.since} />
        {container.lastExit !== null && ' ago'}
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
