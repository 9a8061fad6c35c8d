import type { TicketSnapshot } from '#lib/contract/tickets.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { OperationBadge, StateBadge } from '../badge.tsx';
import { LastKnown } from '../container-state.tsx';
import { exitLine } from '../exit-words.ts';
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
    <Card title={t('As it was when help was asked for')} aside={<At at={snapshot.takenAt} />} className="mt-4">
      <Facts
        items={[
          [
            t('State'),
            <span key="s" className="flex flex-wrap items-center gap-x-2">
              <StateBadge state={container.state} />
              {container.state === 'unknown' && container.lastKnown !== null && (
                <LastKnown lastKnown={container.lastKnown} />
              )}
            </span>,
          ],
          [t('Server'), container.hostName],
          [t('System'), container.template.title],
          [t('Address'), container.addresses.join(', ') || t('none')],
          [t('Plan'), plan?.name ?? t('unknown')],
          [
            t('Memory'),
            usage === null ? bytes(resources.memoryBytes) : bytesOf(usage.memoryBytes, resources.memoryBytes),
          ],
          [t('Disk'), usage === null ? bytes(resources.diskBytes) : bytesOf(usage.diskBytes, resources.diskBytes)],
          [
            t('Last end'),
            container.lastExit === null ? (
              t('{gender, select, m {none} n {none} other {none}}', { gender: 'n' })
            ) : (
              <span key="e">
                {exitLine(container.lastExit)}, <At at={container.lastExit.at} />
              </span>
            ),
          ],
          [
            t('Last backup'),
            container.lastBackupAt === null ? t('never') : <Ago key="b" at={container.lastBackupAt} />,
          ],
        ]}
      />
      {operations.length > 0 && (
        <div className="mt-4 grid gap-2">
          <h3 className="text-[13px] font-semibold">{t('Its latest operations')}</h3>
          {operations.map((operation) => (
            <details key={operation.id} className="rounded-control border border-line px-3 py-2">
              <summary className="flex cursor-pointer flex-wrap items-center gap-2">
                {t(kindWords[operation.kind].noun)} <OperationBadge state={operation.state} />
                <span className="sub">
                  {operation.actor.name}, <At at={operation.queuedAt} />
                </span>
              </summary>
              <div className="mt-2 grid gap-2 text-[13px]">
                <OperationSteps steps={operation.steps} />
                {operation.error !== null && <p>{said(operation.error.detail)}</p>}
                {operation.evidence.map((line) => (
                  <code key={line} className="mono text-xs [overflow-wrap:anywhere]">
                    {said(line)}
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
