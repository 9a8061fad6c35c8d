import { Check, CircleHelp, CircleSlash, CircleX, LoaderCircle } from 'lucide-react';
import Link from 'next/link';
import type { Host } from '#lib/contract/rest.ts';
import { Badge } from './badge.tsx';
import { bytes, bytesOf, count } from './format.ts';
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
              <th scope="col">Host</th>
              <th scope="col">Health</th>
              <th scope="col">Containers</th>
              <th scope="col" className="w-[17%]">
                Pool used
              </th>
              <th scope="col" className="w-[17%]">
                Pool promised
              </th>
              <th scope="col">Machine</th>
              <th scope="col">Engine</th>
              {mayLose && (
                <th scope="col">
                  <span className="sr-only">Actions</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {hosts.map((host) => (
              <tr key={host.id}>
                <td>
                  <span className="font-semibold [overflow-wrap:anywhere]">{host.name}</span>
                  <div className="sub md:whitespace-nowrap">{host.address.replace('https://', '')}</div>
                  {host.simulated && <Badge tone="warn">simulated</Badge>}
                </td>
                <td>
                  <Badge tone={health[host.health].tone} icon={health[host.health].icon}>
                    {health[host.health].word}
                  </Badge>
                  <div className="sub">
                    {host.lastSeenAt === null ? (
                      'no word yet'
                    ) : (
                      <>
                        last word <Ago at={host.lastSeenAt} />
                      </>
                    )}
                  </div>
                </td>
                <td data-label="Containers">
                  <Link
                    className="underline decoration-line underline-offset-3 hover:decoration-current"
                    href={`/admin/containers?hostId=${host.id}`}
                  >
                    {host.containers}
                  </Link>
                  <div className="sub max-md:inline">
                    {' '}
                    {host.health === 'ok' ? `${host.running} running` : `${host.running} when last heard`}
                  </div>
                </td>
                <td>
                  <Meter
                    label="Pool used"
                    hideLabel
                    used={host.pool?.usedBytes ?? null}
                    whole={host.pool?.sizeBytes ?? 0}
                    text={host.pool === null ? '' : bytesOf(host.pool.usedBytes, host.pool.sizeBytes)}
                  />
                </td>
                <td>
                  <Meter
                    label="Pool promised"
                    hideLabel
                    used={host.pool?.reservedBytes ?? null}
                    whole={host.pool?.sizeBytes ?? 0}
                    text={host.pool === null ? '' : bytesOf(host.pool.reservedBytes, host.pool.sizeBytes)}
                  />
                </td>
                <td>
                  {host.cpus === null ? 'not known' : count(host.cpus, 'core')}
                  {host.memoryBytes !== null && `, ${bytes(host.memoryBytes)}`}
                  <div className="sub">
                    {[
                      host.kernel,
                      host.cgroups && `cgroup ${host.cgroups}`,
                      host.pool && `${host.pool.driver}${host.pool.reflinks ? ' with reflinks' : ''}`,
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
