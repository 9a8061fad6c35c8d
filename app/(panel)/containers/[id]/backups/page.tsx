import { Archive } from 'lucide-react';
import { hasPermission } from '#lib/access/authorize.ts';
import { listBackups } from '#lib/backups/list.ts';
import { pageQuery, type Search } from '../../../../_page/query.ts';
import { actorFor, containerFor } from '../../../../_page/reader.ts';
import { BackupTable } from '../../../../_ui/backup-table.tsx';
import { Card, Empty } from '../../../../_ui/page.tsx';
import { Pager } from '../../../../_ui/pager.tsx';

type Props = { params: Promise<{ id: string }>; searchParams: Search };

export default async function Page({ params, searchParams }: Props) {
  const { id } = await params;
  const path = `/containers/${id}/backups`;
  const actor = await actorFor(path);
  const container = await containerFor(actor, id);
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await listBackups(actor, id, query);
  if (items.length === 0) {
    return (
      <Card flush>
        <Empty icon={Archive} title="No backup yet">
          A backup holds all its files as they are at one moment. It can be made while the container runs: choose “Back
          up now” above.
        </Empty>
      </Card>
    );
  }
  return (
    <>
      <BackupTable
        backups={items}
        restore={container.can.restore}
        mayRestore={container.can.restore !== undefined}
        mayDelete={hasPermission(actor, 'backup.delete')}
        planId={container.planId}
        whole={nextCursor === null && query.cursor === undefined}
      />
      <Pager path={path} nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
