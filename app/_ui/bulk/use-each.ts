import { useRef, useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import { problemOf } from '../api.ts';
import { useRefresh } from '../live.tsx';

/** What became of one row. `left`: not tried, because the one before was refused. */
export type Outcome = { is: 'waiting' | 'working' | 'done' | 'left' } | { is: 'refused'; why: string };

/**
 * Does something to one container after the other. Ends at the first that is refused unless `goOn`. What was done stays done: each is a request of
 * its own, with its own entry in the record.
 */
export function useEach(work: (container: Container) => Promise<unknown>) {
  const [outcomes, setOutcomes] = useState<ReadonlyMap<string, Outcome>>(new Map());
  const [state, setState] = useState<'ready' | 'running' | 'over'>('ready');
  const stopped = useRef(false);
  const refresh = useRefresh();
  const say = (id: string, outcome: Outcome) => setOutcomes((before) => new Map(before).set(id, outcome));

  const run = async (containers: readonly Container[], goOn: boolean) => {
    stopped.current = false;
    setState('running');
    setOutcomes(new Map(containers.map(({ id }) => [id, { is: 'waiting' }])));
    let refused = false;
    for (const container of containers) {
      if (stopped.current || (refused && !goOn)) {
        say(container.id, { is: 'left' });
        continue;
      }
      say(container.id, { is: 'working' });
      try {
        await work(container);
        say(container.id, { is: 'done' });
      } catch (error) {
        refused = true;
        const { detail, title, issues } = problemOf(error);
        say(container.id, { is: 'refused', why: issues?.[0]?.message ?? detail ?? title });
      }
    }
    setState('over');
    refresh();
  };
  /** The one under way is finished, the rest is left. */
  const stop = () => {
    stopped.current = true;
  };
  return { run, stop, outcomes, state };
}
