import { Check, CircleHelp, CircleSlash, CircleX, LoaderCircle } from 'lucide-react';
import Link from 'next/link';
import type { Host } from '#lib/contract/hosts.ts';
import { rich, t } from '#lib/language/text.ts';
import { ActionsHead } from './actions-head.tsx';
import { Badge } from './badge.tsx';
import { bytes, bytesOf } from './format.ts';
import { HostMenu } from './host-menu.tsx';
import { Meter } from './meter.tsx';
import { RowMenuProvider } from './row-menu.tsx';
import { Ago } from './time.tsx';
import type { Tone } from './words.ts';

const health = {
  ok: { word: 'Answers', tone: 'good', icon: Check },
  silent: { word: 'Silent', tone: 'bad', icon: CircleHelp },
  enrolling: { word: 'Joining', tone: 'busy', icon: LoaderCircle },
  lost: { word: 'Lost', tone: 'bad', icon: CircleX },
  disabled: { word: 'Disabled', tone: 'idle', icon: CircleSlash },
} as const satisfies Record<Host['health'], { word: string; tone: Tone; icon: unknown }>;

/** Hosts with their health, the age of their last word, and the room in their pools. */
export function HostTable({ hosts, mayLose }: { hosts: readonly Host[]; mayLose: boolean }) {
  return (
    <RowMenuProvider>
      <div className="card">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">{t('Host')}</th>
              <th scope="col">{t('Health')}</th>
              <th scope="col">{t('Containers')}</th>
              <th scope="col" className="w-[17%]">
                {t('Pool used')}
              </th>
              <th scope="col" className="w-[17%]">
                {t('Pool promised')}
              </th>
              <th scope="col">{t('Machine')}</th>
              <th scope="col">{t('Engine')}</th>
              {mayLose && <ActionsHead />}
            </tr>
          </thead>
          <tbody>
            {hosts.map((host) => (
              <tr key={host.id}>
                <td>
                  <span className="font-semibold [overflow-wrap:anywhere]">{host.name}</span>
                  <div className="sub md:whitespace-nowrap">{host.address.replace('https://', '')}</div>
                  {host.simulated && <Badge tone="warn">{t('simulated')}</Badge>}
                </td>
                <td>
                  <Badge tone={health[host.health].tone} icon={health[host.health].icon}>
                    {t(health[host.health].word)}
                  </Badge>
                  <div className="sub">
                    {host.lastSeenAt === null
                      ? t('no word yet')
                      : rich('last word {ago}', { ago: <Ago key="ago" at={host.lastSeenAt} /> })}
                  </div>
                </td>
                <td data-label={t('Containers')}>
                  <Link
                    className="underline decoration-line underline-offset-3 hover:decoration-current"
                    href={`/admin/containers?hostId=${host.id}`}
                  >
                    {host.containers}
                  </Link>
                  <div className="sub max-md:inline">
                    {' '}
                    {host.health === 'ok'
                      ? t('{n, plural, one {# running} other {# running}}', { n: host.running })
                      : t('{n, plural, one {# when last heard} other {# when last heard}}', { n: host.running })}
                  </div>
                </td>
                <td>
                  <Meter
                    label={t('Pool used')}
                    hideLabel
                    used={host.pool?.usedBytes ?? null}
                    whole={host.pool?.sizeBytes ?? 0}
                    text={host.pool === null ? '' : bytesOf(host.pool.usedBytes, host.pool.sizeBytes)}
                  />
                </td>
                <td>
                  <Meter
                    label={t('Pool promised')}
                    hideLabel
                    used={host.pool?.reservedBytes ?? null}
                    whole={host.pool?.sizeBytes ?? 0}
                    text={host.pool === null ? '' : bytesOf(host.pool.reservedBytes, host.pool.sizeBytes)}
                  />
                </td>
                <td>
                  {host.cpus === null
                    ? t('not known')
                    : t('{n, plural, one {# core} other {# cores}}', { n: host.cpus })}
                  {host.memoryBytes !== null && `, ${bytes(host.memoryBytes)}`}
                  <div className="sub">
                    {[
                      host.kernel,
                      host.cgroups && `cgroup ${host.cgroups}`,
                      host.pool &&
                        (host.pool.reflinks
                          ? t('{driver} with reflinks', { driver: host.pool.driver })
                          : host.pool.driver),
                    ]
                      .filter(Boolean)
                      .join(' · ')}
                  </div>
                </td>
                <td className="sub">
                  {Object.entries(host.engine).map(([name, version]) => (
                    <div key={name} className="whitespace-nowrap max-md:mr-3 max-md:inline-block">
                      {name} {version}
                    </div>
                  ))}
                </td>
                {mayLose && (
                  <td>
                    <HostMenu host={host} />
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </RowMenuProvider>
  );
}
