import { listBackups } from '#lib/backups/list.ts';
import { t } from '#lib/language/text.ts';
import { backupFor } from '../../../../../../_page/backup.ts';
import { actorFor, containerFor } from '../../../../../../_page/reader.ts';
import { BackupHead } from '../../../../../../_ui/files/backup-head.tsx';
import { CompareView } from '../../../../../../_ui/files/compare-view.tsx';

export default async function Page({ params }: { params: Promise<{ id: string; backupId: string }> }) {
  const { id, backupId } = await params;
  const actor = await actorFor(`/containers/${id}/backups/${backupId}/compare`);
  const container = await containerFor(actor, id);
  const backup = await backupFor(actor, container.id, backupId);
  const { items } = await listBackups(actor, container.id, { limit: 200 });
  const others = items
    .filter((one) => one.state === 'complete' && one.id !== backupId)
    .map(({ id: other, name, createdAt }) => ({ id: other, name, createdAt }));
  return (
    <>
      <BackupHead backup={backup} title={t('What changed since the backup from')} />
      <CompareView containerId={container.id} backupId={backupId} others={others} />
    </>
  );
}
