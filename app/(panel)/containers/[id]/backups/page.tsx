import { Archive } from 'lucide-react';
import type { UserActor } from '#lib/access/actor.ts';
import { hasPermission, hasUnlessHeld, ofContainer, ofTenant } from '#lib/access/authorize.ts';
import { getBackupCare } from '#lib/backups/care.ts';
import { getBackupCheck } from '#lib/backups/check.ts';
import { listBackups } from '#lib/backups/list.ts';
import { getBackupSchedule } from '#lib/backups/schedule.ts';
import { getBackupSettings } from '#lib/backups/settings.ts';
import type { Container } from '#lib/contract/containers.ts';
import type { Permission } from '#lib/contract/permissions.ts';
import { t } from '#lib/language/text.ts';
import { listLocations } from '#lib/locations/list.ts';
import { listOperations } from '#lib/operations/list.ts';
import { pageQuery, type Search } from '../../../../_page/query.ts';
import { actorFor, containerFor } from '../../../../_page/reader.ts';
import { BackupCareCard } from '../../../../_ui/backup-care.tsx';
import { BackupCheckCard } from '../../../../_ui/backup-check.tsx';
import { BackupScheduleCard } from '../../../../_ui/backup-schedule.tsx';
import { BackupTable } from '../../../../_ui/backup-table.tsx';
import { BackupUse } from '../../../../_ui/backup-use.tsx';
import { ExportCard } from '../../../../_ui/export-card.tsx';
import { LocationChoice } from '../../../../_ui/location-choice.tsx';
import { Card, Empty } from '../../../../_ui/page.tsx';
import { Pager } from '../../../../_ui/pager.tsx';
import { RemovedBackups } from '../../../../_ui/removed-backups.tsx';

type Props = { params: Promise<{ id: string }>; searchParams: Search };

export default async function Page({ params, searchParams }: Props) {
  const { id } = await params;
  const path = `/containers/${id}/backups`;
  const actor = await actorFor(path);
  const container = await containerFor(actor, id);
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await listBackups(actor, id, query);
  const removed = await listBackups(actor, id, { removed: true, limit: 200 });
  const { items: exports } = await listOperations(actor, { containerId: id, kind: 'export', limit: 1 });
  const schedule = await getBackupSchedule(actor, id);
  const care = await getBackupCare(actor, id);
  const check = await getBackupCheck(actor, id);
  const settings = await getBackupSettings(actor, id);
  const choice = await choiceFor(actor, container);
  // What only a hold keeps away stays in sight, and says so.
  const may = (right: Permission) => hasUnlessHeld(actor, right, ofContainer(container));
  return (
    <>
      <BackupUse containerId={id} settings={settings} mayConfigure={may('backup.configure')} />
      <BackupScheduleCard containerId={id} schedule={schedule} mayConfigure={may('backup.configure')} />
      {items.length === 0 ? (
        <Card flush>
          <Empty icon={Archive} title={t('No backup yet')}>
            {t(
              'A backup holds all its files as they are at one moment. It can be made while the container runs: choose “Back up now” above.',
            )}
          </Empty>
        </Card>
      ) : (
        <BackupTable
          backups={items}
          restore={container.can.restore}
          mayRestore={container.can.restore !== undefined}
          mayEdit={may('backup.edit')}
          mayDelete={may('backup.delete')}
          mayConsent={hasPermission(actor, 'backup.consent', ofTenant(container.tenantId))}
          mayRestoreInto={hasPermission(actor, 'backup.restore-into')}
          mayTest={may('backup.test')}
          mayUndelete={hasPermission(actor, 'container.undelete', ofTenant(container.tenantId))}
          mayLook={hasPermission(actor, 'file.read')}
          deletedDays={settings.deletedDays}
          planId={container.planId}
          whole={nextCursor === null && query.cursor === undefined}
        />
      )}
      {container.can.export !== undefined && (
        <ExportCard container={container} latest={exports[0] ?? null} verdict={container.can.export} />
      )}
      <BackupCareCard containerId={id} care={care} mayConfigure={may('backup.configure')} />
      <BackupCheckCard containerId={id} check={check} mayTest={may('backup.test')} any={items.length > 0} />
      <RemovedBackups backups={removed.items} mayRecover={may('backup.delete')} />
      <Pager path={path} nextCursor={nextCursor} cursor={query.cursor} />
      {choice}
    </>
  );
}

/** Where its backups go, for those who may choose: a tenant among its own, the provider's staff among the provider's too. */
async function choiceFor(actor: UserActor, { id, tenantId, locationId }: Container) {
  if (!hasUnlessHeld(actor, 'location.choose', ofContainer({ id, tenantId }))) return null;
  const { items } = await listLocations(actor);
  const providers = hasPermission(actor, 'location.choose', ofTenant(null));
  const open = items.filter((one) => one.tenantId === tenantId || (providers && one.tenantId === null));
  const set = items.filter((one) => one.id === locationId && !open.includes(one));
  return <LocationChoice containerId={id} chosen={locationId} locations={[...open, ...set]} />;
}
