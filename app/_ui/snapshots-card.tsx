'use client';
import { Camera } from 'lucide-react';
import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';
import type { Snapshot, Snapshots } from '#lib/contract/snapshots.ts';
import { rich, t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { reasonFor } from './container-menu.ts';
import { useShownState } from './container-state.tsx';
import { CreateSnapshotDialog, DeleteSnapshotDialog, RollbackDialog } from './dialog-snapshot.tsx';
import { bytes } from './format.ts';
import { Card } from './page.tsx';
import { RowMenuButton, RowMenuProvider } from './row-menu.tsx';
import { Ago, useAt } from './time.tsx';

type Asked = { what: 'create' } | { what: 'rollback' | 'delete'; snapshot: Snapshot };
const stateWord = { making: 'being made', deleting: 'being deleted' } as const;

/** Snapshots of a container: for "before I try this". Says that they are no backups, in the list and in the empty one. */
export function SnapshotsCard({
  container,
  snapshots: { items, max },
  mayDelete,
}: {
  container: Container;
  snapshots: Snapshots;
  mayDelete: boolean;
}) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const at = useAt();
  const { state } = useShownState(container);
  const busy = state === container.state ? null : t('It is being worked on. Wait until that is done.');
  const create = reasonFor(container, 'snapshot');
  const rollback = reasonFor(container, 'rollback');
  const used = items.filter((one) => one.kind === 'manual').length;
  const full = used >= max ? t('Your plan allows {max}. Delete one first.', { max }) : null;
  const close = () => setAsked(null);
  return (
    <RowMenuProvider>
      <Card
        id="snapshots"
        title={t('Snapshots')}
        icon={Camera}
        flush
        className="mb-4"
        aside={
          <span className="flex items-center gap-3">
            <span className="tabular-nums">{t('{used} of {whole}', { used, whole: max })}</span>
            {create !== undefined && (
              <Button size="small" reason={busy ?? create ?? full} onClick={() => setAsked({ what: 'create' })}>
                {t('Take snapshot…')}
              </Button>
            )}
          </span>
        }
      >
        <p className="px-4 pb-2 text-[13px] text-muted">
          {rich(
            'Instant, for “before I try this”. They lie on the same server and are lost with it: <b>a snapshot is not a backup.</b>',
            {
              b: (inner) => (
                <strong key="b" className="font-[550] text-text">
                  {inner}
                </strong>
              ),
            },
          )}
        </p>
        {items.length === 0 ? (
          <p className="px-4 pb-4 text-[13px] text-muted">{t('None yet.')}</p>
        ) : (
          <ul className="divide-y divide-line border-t border-line">
            {items.map((snapshot) => (
              <li key={snapshot.id} className="flex flex-wrap items-center gap-x-3 gap-y-1 px-4 py-2.5">
                <span className="mr-auto min-w-0">
                  <strong className="font-semibold [overflow-wrap:anywhere]">
                    {snapshot.name === '' ? t('Snapshot') : snapshot.name}
                  </strong>{' '}
                  <span className="sub">
                    {rich('{ago} by {name}', {
                      ago: <Ago key="ago" at={snapshot.createdAt} />,
                      name: snapshot.actorName,
                    })}
                    {snapshot.bytes !== null && ` · ${bytes(snapshot.bytes)}`}
                    {snapshot.kind === 'automatic' && ` · ${t('automatic, not counted')}`}
                    {snapshot.state !== 'present' && ` · ${t(stateWord[snapshot.state])}`}
                  </span>
                </span>
                {snapshot.state === 'present' && rollback !== undefined && (
                  <Button
                    size="small"
                    reason={busy ?? rollback}
                    onClick={() => setAsked({ what: 'rollback', snapshot })}
                  >
                    {t('Roll back…')}
                  </Button>
                )}
                {mayDelete && (
                  <RowMenuButton
                    label={t('Actions for the snapshot {name} from {at}', {
                      name: snapshot.name,
                      at: at(snapshot.createdAt),
                    })}
                    items={[
                      {
                        label: t('Delete…'),
                        danger: true,
                        reason:
                          snapshot.state === 'present' ? null : t('It is being worked on. Wait until that is done.'),
                        onSelect: () => setAsked({ what: 'delete', snapshot }),
                      },
                    ]}
                  />
                )}
              </li>
            ))}
          </ul>
        )}
      </Card>
      {asked?.what === 'create' && <CreateSnapshotDialog container={container} onClose={close} />}
      {asked?.what === 'rollback' && <RollbackDialog container={container} snapshot={asked.snapshot} onClose={close} />}
      {asked?.what === 'delete' && <DeleteSnapshotDialog snapshot={asked.snapshot} onClose={close} />}
    </RowMenuProvider>
  );
}
