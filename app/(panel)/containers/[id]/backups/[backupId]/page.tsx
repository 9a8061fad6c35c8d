import { hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { fromBase64, pathFault } from '#lib/contract/files.ts';
import { t } from '#lib/language/text.ts';
import { backupFor } from '../../../../../_page/backup.ts';
import { actorFor, containerFor } from '../../../../../_page/reader.ts';
import { BackupBrowser } from '../../../../../_ui/files/backup-browser.tsx';
import { BackupHead } from '../../../../../_ui/files/backup-head.tsx';

type Props = {
  params: Promise<{ id: string; backupId: string }>;
  searchParams: Promise<{ path?: string | string[] }>;
};

export default async function Page({ params, searchParams }: Props) {
  const { id, backupId } = await params;
  const actor = await actorFor(`/containers/${id}/backups/${backupId}`);
  const container = await containerFor(actor, id);
  const backup = await backupFor(actor, container.id, backupId);
  const { path } = await searchParams;
  const asked = typeof path === 'string' && pathFault(path) === null ? fromBase64(path) : null;
  return (
    <>
      <BackupHead backup={backup} title={t('Files of the backup from')} />
      <BackupBrowser
        backup={backup}
        path={asked || '/'}
        mayRestore={hasPermission(actor, 'backup.restore')}
        mayUndelete={hasPermission(actor, 'container.undelete', ofTenant(container.tenantId))}
      />
    </>
  );
}
