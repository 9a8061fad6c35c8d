'use client';
import { LifeBuoy } from 'lucide-react';
import Link from 'next/link';
import type { Container } from '#lib/contract/containers.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { rich, t } from '#lib/language/text.ts';
import { CopyText } from './copy.tsx';
import { bytes, bytesOf, cores } from './format.ts';
import { keyName } from './keys.ts';
import { LabelChips } from './labels/chips.tsx';
import { Ladder } from './ladder.tsx';
import { useSamples } from './live.tsx';
import { Card, Facts } from './page.tsx';
import { Sparkline } from './sparkline.tsx';
import { Ago, At, Since } from './time.tsx';
import { Timeline } from './timeline.tsx';
import { DiskMeter, runs, useUsage } from './usage.tsx';

export function Overview({
  container,
  operations,
  children,
}: {
  container: Container;
  operations: readonly Operation[];
  /** More cards at the side. */
  children?: React.ReactNode;
}) {
  const fix = container.can.restore !== undefined || container.can.reinstall !== undefined;
  return (
    <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1.6fr)_minmax(0,1fr)]">
      <div className="grid min-w-0 gap-4">
        <UsageCards container={container} />
        <Card
          title={t('Activity')}
          flush
          aside={
            <Link className="underline underline-offset-3" href={`/containers/${container.id}/activity`}>
              {t('All of it')}
            </Link>
          }
        >
          {operations.length === 0 ? (
            <p className="sub px-4 pb-4">{t('Nothing has been done yet.')}</p>
          ) : (
            <Timeline operations={operations} brief />
          )}
        </Card>
      </div>
      <div className="grid min-w-0 gap-4">
        <GetIn container={container} />
        {fix && (
          <Card title={t('Fix it')} icon={LifeBuoy} flush>
            <Ladder container={container} brief />
          </Card>
        )}
        {children}
      </div>
    </div>
  );
}

function UsageCards({ container }: { container: Container }) {
  const usage = useUsage(container);
  const samples = useSamples(container.id);
  const first = samples[0];
  const { cpuCores, memoryBytes, pids } = container.resources;
  const running = runs(container) && usage !== null;
  const span =
    first === undefined || samples.length < 2
      ? t('live')
      : rich('last {since}', { since: <Since key="since" at={new Date(first.atMs).toISOString()} /> });
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Card
        title={t('CPU')}
        aside={
          running
            ? t('{used} of {whole} {cores, plural, one {core} other {cores}}', {
                used: cores(usage.cpuCores),
                whole: cores(cpuCores),
                cores: cpuCores,
              })
            : '–'
        }
      >
        <Sparkline
          values={samples.map((sample) => sample.usage.cpuCores)}
          limit={cpuCores}
          label={
            running
              ? t('CPU, {used} of {whole} cores', { used: cores(usage.cpuCores), whole: cores(cpuCores) })
              : t('CPU, not running')
          }
        />
        <p className="sub mt-1.5 flex justify-between">
          <span>{span}</span>
          <span>{t('dashed: limit')}</span>
        </p>
      </Card>
      <Card title={t('Memory')} aside={running ? bytesOf(usage.memoryBytes, memoryBytes) : '–'}>
        <Sparkline
          values={samples.map((sample) => sample.usage.memoryBytes)}
          limit={memoryBytes}
          label={
            running ? t('Memory, {used}', { used: bytesOf(usage.memoryBytes, memoryBytes) }) : t('Memory, not running')
          }
        />
        <p className="sub mt-1.5 flex justify-between">
          <span>{span}</span>
          <span>
            {running &&
              t('{n, plural, one {# process} other {# processes}} of {most, number}', { n: usage.pids, most: pids })}
          </span>
        </p>
      </Card>
      <div className="card grid gap-x-6 gap-y-3 px-4 py-3.5 sm:col-span-2 sm:grid-cols-[minmax(0,1fr)_auto]">
        <DiskMeter container={container} />
        <p className="sub self-center tabular-nums">
          {running
            ? t('{received} received, {sent} sent since its start', {
                received: bytes(usage.receivedBytes),
                sent: bytes(usage.sentBytes),
              })
            : container.state === 'unknown'
              ? t('Not known while its server does not answer')
              : t('Not running: no traffic')}
        </p>
      </div>
    </div>
  );
}

function GetIn({ container }: { container: Container }) {
  const keys = container.sshKeys.map((key) => keyName(key).comment || keyName(key).type);
  return (
    <Card title={t('Get in')}>
      <Facts
        items={[
          [
            t('SSH'),
            container.ssh === null ? (
              <NoSsh key="ssh" container={container} />
            ) : (
              <CopyText key="ssh" text={container.ssh} label={t('the ssh command')} />
            ),
          ],
          [t('Keys'), keys.length === 0 ? t('none') : keys.join(', ')],
          [
            t('Address'),
            container.addresses.length === 0
              ? t('none')
              : container.addresses.map((each) => (
                  <span key={each} className="block">
                    {each}
                  </span>
                )),
          ],
          [t('Host name'), container.hostname],
          [t('System'), `${container.template.title} (${container.template.name} ${container.template.version})`],
          [t('Plan'), container.planName],
          ...(container.labels.length === 0
            ? []
            : [[t('Labels'), <LabelChips key="labels" labels={container.labels} />] as const]),
          [
            t('Last backup'),
            container.lastBackupAt === null ? (
              <span key="never" className="font-[550] text-warn">
                {t('Never')}
              </span>
            ) : (
              <Ago key="backup" at={container.lastBackupAt} />
            ),
          ],
          [t('Created'), <At key="created" at={container.createdAt} />],
        ]}
      />
    </Card>
  );
}

/** Why there is no command to copy, and what would make one. */
function NoSsh({ container }: { container: Container }) {
  const here = `/containers/${container.id}`;
  const link = 'underline underline-offset-3';
  const hasForward = container.forwards.some((forward) => forward.containerPort === 22);
  if (hasForward) return <span>{t('Not now: it is not running, or its system has no ssh server.')}</span>;
  if (container.can.forwards === undefined) return <span>{t('No port leads to it.')}</span>;
  return (
    <span>
      {rich(
        container.can.console === undefined
          ? 'No port leads to it yet. <forward>Forward one to port 22</forward>.'
          : 'No port leads to it yet. <forward>Forward one to port 22</forward> or use the <console>console</console>.',
        {
          forward: (inner) => (
            <Link key="forward" className={link} href={`${here}/network`}>
              {inner}
            </Link>
          ),
          console: (inner) => (
            <Link key="console" className={link} href={`${here}/console`}>
              {inner}
            </Link>
          ),
        },
      )}
    </span>
  );
}
