import type { TicketSnapshot } from '#lib/contract/tickets.ts';
import { OperationBadge, StateBadge } from '../badge.tsx';
import { bytes, bytesOf } from '../format.ts';
import { OperationSteps } from '../operation-steps.tsx';
import { Card, Facts } from '../page.tsx';
import { Ago, At } from '../time.tsx';
import { kindWords } from '../words.ts';

/** How things stood when help was asked for; it does not change any more. */
export function SnapshotCard({ snapshot }: { snapshot: TicketSnapshot }) {
  const { container, plan, operations } = snapshot;
  const { usage, resources } = container;
  return (
    <Card title="As it was when help was asked for" aside={<At at={snapshot.takenAt} />} className="mt-4">
      <Facts
        items={[
          ['State', <StateBadge key="s" state={container.state} />],
          ['Server', container.hostName],
          ['System', container.template.title],
          ['Address', container.addresses.join(', ') || 'none'],
          ['Plan', plan?.name ?? 'unknown'],
          ['Memory', usage === null ? bytes(resources.memoryBytes) : bytesOf(usage.memoryBytes, resources.memoryBytes)],
          ['Disk', usage === null ? bytes(resources.diskBytes) : bytesOf(usage.diskBytes, resources.diskBytes)],
          [
            'Last end',
            container.lastExit === null ? (
              'none'
            ) : (
              <span key="e">
                {container.lastExit.cause}, <At at={container.lastExit.at} />
              </span>
            ),
          ],
          ['Last backup', container.lastBackupAt === null ? 'never' : <Ago key="b" at={container.lastBackupAt} />],
        ]}
      />
      {operations.length > 0 && (
        <div className="mt-4 grid gap-2">
          <h3 className="text-[13px] font-semibold">Its latest operations</h3>
          {operations.map((operation) => (
            <details key={operation.id} className="rounded-control border border-line px-3 py-2">
              <summary className="flex cursor-pointer flex-wrap items-center gap-2">
                {kindWords[operation.kind].noun} <OperationBadge state={operation.state} />
                <span className="sub">
                  {operation.actor.name}, <At at={operation.queuedAt} />
                </span>
              </summary>
              <div className="mt-2 grid gap-2 text-[13px]">
                <OperationSteps steps={operation.steps} />
                {operation.error !== null && <p>{operation.error.detail}</p>}
                {operation.evidence.map((line) => (
                  <code key={line} className="mono text-xs [overflow-wrap:anywhere]">
                    {line}
                  </code>
                ))}
              </div>
            </details>
          ))}
        </div>
      )}
    </Card>
  );
}
