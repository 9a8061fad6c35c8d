import { Archive, Flame, Globe, LifeBuoy, OctagonAlert, ServerOff } from 'lucide-react';
import type { ResellerProblem, StateCounts } from '#lib/contract/resellers.ts';
import { spoken } from '#lib/language/spoken.ts';
import { type Text, t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { cx } from './cx.ts';
import { ProblemList, type ProblemLook } from './problem-list.tsx';

const looks = {
  'containers-silent': { icon: ServerOff, tone: 'bad', next: 'See containers' },
  'operation-stuck': { icon: OctagonAlert, tone: 'bad', next: 'See operation' },
  'container-crashed': { icon: Flame, tone: 'warn', next: 'See container' },
  'backup-damaged': { icon: Archive, tone: 'bad', next: 'See backups' },
  'backup-failing': { icon: Archive, tone: 'warn', next: 'See backups' },
  'ticket-late': { icon: LifeBuoy, tone: 'warn', next: 'Answer' },
  'name-unproven': { icon: Globe, tone: 'warn', next: 'Prove it' },
  'mail-key-missing': { icon: Globe, tone: 'warn', next: 'See the record' },
} as const satisfies Record<ResellerProblem['kind'], ProblemLook>;

function target({ kind, containerId, ticketId, tenantId }: ResellerProblem): string {
  if (kind === 'name-unproven' || kind === 'mail-key-missing') return '/reseller/brand';
  if (kind === 'ticket-late') return `/admin/tickets/${ticketId}`;
  if (kind === 'operation-stuck' && containerId === null) return '/admin/operations?state=stuck';
  if (containerId === null) return `/admin/containers?tenantId=${tenantId}`;
  if (kind === 'backup-damaged' || kind === 'backup-failing') return `/containers/${containerId}/backups`;
  return kind === 'operation-stuck' ? `/containers/${containerId}/activity` : `/containers/${containerId}`;
}

/** What is broken and for whom; the first thing a reseller sees. */
export function ResellerProblems({ problems }: { problems: readonly ResellerProblem[] }) {
  return (
    <ProblemList
      fine={t('All containers are heard of, and nobody waits longer than was promised.')}
      items={problems.map((problem) => ({
        ...looks[problem.kind],
        key: `${problem.kind} ${problem.title} ${problem.tenantId} ${problem.operationId} ${problem.containerId}`,
        href: target(problem),
        title: said(problem.title),
        about: problem.tenant ?? t('Your brand'),
        since: problem.since,
      }))}
    />
  );
}

const stateNames: [keyof StateCounts, Text][] = [
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
          <dt className={cx('sub', state === 'unknown' && 'font-semibold text-bad')}>{t(name)}</dt>
          <dd className="text-2xl font-[650] tracking-tight tabular-nums">{states[state].toLocaleString(spoken())}</dd>
        </div>
      ))}
    </dl>
  );
}
