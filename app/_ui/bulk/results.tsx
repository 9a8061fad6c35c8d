import { CircleAlert, CircleCheck, CircleDashed, LoaderCircle } from 'lucide-react';
import type { Container } from '#lib/contract/containers.ts';
import { t } from '#lib/language/text.ts';
import type { Outcome } from './use-each.ts';

/** Each row with what became of it, in words and by a sign. */
export function Results({
  containers,
  outcomes,
  before,
  done,
}: {
  containers: readonly Container[];
  outcomes: ReadonlyMap<string, Outcome>;
  /** What is said of a row before anything was asked. */
  before: (container: Container) => string;
  /** What is said of one that was accepted. */
  done: string;
}) {
  return (
    <ul
      aria-label={t('Containers')}
      className="max-h-72 divide-y divide-line overflow-y-auto rounded-control border border-line"
    >
      {containers.map((container) => {
        const outcome = outcomes.get(container.id);
        return (
          <li key={container.id} className="flex flex-wrap items-baseline gap-x-2.5 px-3 py-2">
            <Sign outcome={outcome} />
            <span className="font-[550] [overflow-wrap:anywhere]">{container.name}</span>
            <span className="sub min-w-0 [overflow-wrap:anywhere]">{words(outcome) ?? before(container)}</span>
          </li>
        );
      })}
    </ul>
  );

  function words(outcome: Outcome | undefined): string | null {
    switch (outcome?.is) {
      case 'waiting':
        return t('waits for its turn');
      case 'working':
        return t('is being asked for');
      case 'done':
        return done;
      case 'left':
        return t('not tried, because of the one that was refused');
      case 'refused':
        return t('refused: {why}', { why: outcome.why });
      default:
        return null;
    }
  }
}

function Sign({ outcome }: { outcome: Outcome | undefined }) {
  const look = 'size-4 shrink-0 self-center';
  if (outcome?.is === 'working') return <LoaderCircle aria-hidden className={`${look} spin text-muted`} />;
  if (outcome?.is === 'done') return <CircleCheck aria-hidden className={`${look} text-good`} />;
  if (outcome?.is === 'refused') return <CircleAlert aria-hidden className={`${look} text-bad`} />;
  return <CircleDashed aria-hidden className={`${look} text-muted`} />;
}
