import { Archive, CircleCheck, Flame, Globe, LifeBuoy, type LucideIcon, OctagonAlert, ServerOff } from 'lucide-react';
import Link from 'next/link';
import type { ResellerProblem, StateCounts } from '#lib/contract/resellers.ts';
import { toneText } from './badge.tsx';
import { cx } from './cx.ts';
import { count } from './format.ts';
import { Card } from './page.tsx';
import { Since } from './time.tsx';
import type { Tone } from './words.ts';

const looks = {
  'containers-silent': { icon: ServerOff, tone: 'bad', next: 'See containers' },
  'operation-stuck': { icon: OctagonAlert, tone: 'bad', next: 'See operation' },
  'container-crashed': { icon: Flame, tone: 'warn', next: 'See container' },
  'backup-damaged': { icon: Archive, tone: 'bad', next: 'See backups' },
  'backup-failing': { icon: Archive, tone: 'warn', next: 'See backups' },
  'ticket-late': { icon: LifeBuoy, tone: 'warn', next: 'Answer' },
  'name-unproven': { icon: Globe, tone: 'warn', next: 'Prove it' },
} as const satisfies Record<ResellerProblem['kind'], { icon: LucideIcon; tone: Tone; next: string }>;

function target({ kind, containerId, ticketId, tenantId }: ResellerProblem): string {
  if (kind === 'name-unproven') return '/reseller/brand';
  if (kind === 'ticket-late') return `/admin/tickets/${ticketId}`;
  if (kind === 'operation-stuck' && containerId === null) return '/admin/operations?state=stuck';
  if (containerId === null) return `/admin/containers?tenantId=${tenantId}`;
  if (kind === 'backup-damaged' || kind === 'backup-failing') return `/containers/${containerId}/backups`;
  return kind === 'operation-stuck' ? `/containers/${containerId}/activity` : `/containers/${containerId}`;
}

/** What is broken and for whom; the first thing a reseller sees. */
export function ResellerProblems({ problems }: { problems: readonly ResellerProblem[] }) {
  if (problems.length === 0) {
    return (
      <div className="card flex items-center gap-3 px-4 py-4">
        <CircleCheck aria-hidden className="size-5 text-good" />
        <p>
          <strong className="font-semibold">Nothing is broken.</strong>{' '}
          <span className="text-muted">All containers are heard of, and nobody waits longer than was promised.</span>
        </p>
      </div>
    );
  }
  return (
    <Card title={count(problems.length, 'thing needs you', 'things need you')} flush>
      <ul className="divide-y divide-line">
        {problems.map((problem) => {
          const { icon: Icon, tone, next } = looks[problem.kind];
          return (
            <li
              key={`${problem.kind} ${problem.title} ${problem.tenantId} ${problem.operationId} ${problem.containerId}`}
            >
              <Link
                href={target(problem)}
                className="flex items-start gap-3 px-4 py-3 -outline-offset-2 hover:bg-sunk/60"
              >
                <Icon aria-hidden className={cx('mt-0.5 size-[18px] shrink-0', toneText[tone])} />
                <span className="min-w-0 flex-1">
                  <span className="block font-semibold [overflow-wrap:anywhere]">{problem.title}</span>
                  <span className="sub block [overflow-wrap:anywhere]">
                    {problem.tenant ?? 'Your brand'} · for <Since at={problem.since} />
                  </span>
                </span>
                <span className="shrink-0 text-[13px] font-[550] underline underline-offset-3">{next}</span>
              </Link>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

const stateNames: [keyof StateCounts, string][] = [
  ['running', 'Running'],
  ['stopped', 'Stopped'],
  ['suspended', 'Suspended'],
  ['repairing', 'In repair'],
  ['creating', 'Being made'],
  ['unknown', 'Not heard of'],
];

/** Containers by state; what is none is left out, except those that run and those that do not. */
export function StateTiles({ states }: { states: StateCounts }) {
  const shown = stateNames.filter(([state]) => state === 'running' || state === 'stopped' || states[state] > 0);
  return (
    <dl className="grid grid-cols-2 gap-x-6 gap-y-3 sm:grid-cols-3 lg:grid-cols-6">
      {shown.map(([state, name]) => (
        <div key={state}>
          <dt className={cx('sub', state === 'unknown' && 'font-semibold text-bad')}>{name}</dt>
          <dd className="text-2xl font-[650] tracking-tight tabular-nums">{states[state].toLocaleString('en')}</dd>
        </div>
      ))}
    </dl>
  );
}
