import { Archive, Flame, HardDrive, OctagonAlert, ServerOff, TriangleAlert, Unplug } from 'lucide-react';
import type { Dashboard } from '#lib/contract/dashboard.ts';
import { spoken } from '#lib/language/spoken.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { ProblemList, type ProblemLook } from './problem-list.tsx';

type Problem = Dashboard['problems'][number];
const looks = {
  'host-silent': { icon: ServerOff, tone: 'bad', next: 'See host' },
  'operation-stuck': { icon: OctagonAlert, tone: 'bad', next: 'Decide' },
  'pool-low': { icon: HardDrive, tone: 'warn', next: 'See host' },
  'container-crashed': { icon: Flame, tone: 'warn', next: 'See container' },
  'backup-failing': { icon: Archive, tone: 'warn', next: 'See backups' },
  'backup-damaged': { icon: Archive, tone: 'bad', next: 'See backups' },
  'backup-test-failed': { icon: Archive, tone: 'warn', next: 'See backups' },
  'container-orphaned': { icon: Unplug, tone: 'warn', next: 'Decide' },
  'service-down': { icon: TriangleAlert, tone: 'bad', next: 'See hosts' },
} as const satisfies Record<Problem['kind'], ProblemLook>;

function target(problem: Problem): string {
  if (problem.kind === 'operation-stuck') return '/admin/operations';
  if (problem.kind === 'container-orphaned') return '/admin/hosts';
  if (problem.kind === 'backup-failing' || problem.kind === 'backup-damaged' || problem.kind === 'backup-test-failed')
    return `/containers/${problem.containerId}/backups`;
  if (problem.containerId !== null && problem.kind === 'container-crashed') return `/containers/${problem.containerId}`;
  return '/admin/hosts';
}

/** What is broken, whom it affects, since when; the first thing an administrator sees. */
export function Problems({ problems }: { problems: Dashboard['problems'] }) {
  return (
    <div className="mb-4">
      <ProblemList
        fine={t('All hosts answer and no operation is stuck.')}
        items={problems.map((problem) => ({
          ...looks[problem.kind],
          key: `${problem.kind} ${problem.hostId} ${problem.operationId} ${problem.containerId}`,
          href: target(problem),
          title: said(problem.title),
          about:
            problem.affected === 0
              ? t('no container affected')
              : t('{n, plural, one {# container affected} other {# containers affected}}', { n: problem.affected }),
          since: problem.since,
        }))}
      />
    </div>
  );
}

export function Counts({ counts }: { counts: Dashboard['counts'] }) {
  const items: [string, string, string | null][] = [
    [
      t('Containers'),
      counts.containers.toLocaleString(spoken()),
      t('{n, plural, one {# running} other {# running}}', { n: counts.running }),
    ],
    [t('Hosts'), counts.hosts.toLocaleString(spoken()), null],
    [t('Tenants'), counts.tenants.toLocaleString(spoken()), null],
    [
      t('Operations today'),
      counts.operationsToday.toLocaleString(spoken()),
      t('{n, plural, one {# failed} other {# failed}}', { n: counts.failedToday }),
    ],
  ];
  return (
    <dl className="card mb-4 grid grid-cols-2 md:grid-cols-4">
      {items.map(([name, value, sub]) => (
        <div key={name} className="px-4 py-3.5">
          <dt className="sub">{name}</dt>
          <dd className="text-2xl font-[650] tracking-tight tabular-nums">{value}</dd>
          <dd className="sub">{sub ?? '\u00a0'}</dd>
        </div>
      ))}
    </dl>
  );
}
