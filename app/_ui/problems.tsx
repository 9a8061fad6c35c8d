import {
  Archive,
  CircleCheck,
  Flame,
  HardDrive,
  type LucideIcon,
  OctagonAlert,
  ServerOff,
  TriangleAlert,
  Unplug,
} from 'lucide-react';
import Link from 'next/link';
import type { Dashboard } from '#lib/contract/rest.ts';
import { toneText } from './badge.tsx';
import { cx } from './cx.ts';
import { count } from './format.ts';
import { Card } from './page.tsx';
import { Since } from './time.tsx';
import type { Tone } from './words.ts';

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
} as const satisfies Record<Problem['kind'], { icon: LucideIcon; tone: Tone; next: string }>;

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
  if (problems.length === 0) {
    return (
      <div className="card mb-4 flex items-center gap-3 px-4 py-4">
        <CircleCheck aria-hidden className="size-5 text-good" />
        <p>
          <strong className="font-semibold">Nothing is broken.</strong>{' '}
          <span className="text-muted">All hosts answer and no operation is stuck.</span>
        </p>
      </div>
    );
  }
  return (
    <Card title={count(problems.length, 'thing needs you', 'things need you')} flush className="mb-4">
      <ul className="divide-y divide-line">
        {problems.map((problem) => {
          const { icon: Icon, tone, next } = looks[problem.kind];
          return (
            <li key={`${problem.kind} ${problem.hostId} ${problem.operationId} ${problem.containerId}`}>
              <Link
                href={target(problem)}
                className="flex items-start gap-3 px-4 py-3 -outline-offset-2 hover:bg-sunk/60"
              >
                <Icon aria-hidden className={cx('mt-0.5 size-[18px] shrink-0', toneText[tone])} />
                <span className="min-w-0 flex-1">
                  <span className="block font-semibold [overflow-wrap:anywhere]">{problem.title}</span>
                  <span className="sub block">
                    {problem.affected === 0
                      ? 'no container affected'
                      : `${count(problem.affected, 'container')} affected`}{' '}
                    · for <Since at={problem.since} />
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

export function Counts({ counts }: { counts: Dashboard['counts'] }) {
  const items: [string, string, string | null][] = [
    ['Containers', counts.containers.toLocaleString('en'), `${counts.running.toLocaleString('en')} running`],
    ['Hosts', counts.hosts.toLocaleString('en'), null],
    ['Tenants', counts.tenants.toLocaleString('en'), null],
    [
      'Operations today',
      counts.operationsToday.toLocaleString('en'),
      `${counts.failedToday.toLocaleString('en')} failed`,
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
