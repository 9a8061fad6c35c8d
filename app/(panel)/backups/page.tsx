import { Archive } from 'lucide-react';
import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { listAllBackups } from '#lib/backups/list.ts';
import { t } from '#lib/language/text.ts';
import { pageQuery, type Search } from '../../_page/query.ts';
import { actorFor, found } from '../../_page/reader.ts';
import { BackupTable } from '../../_ui/backup-table.tsx';
import { LinkButton } from '../../_ui/button.tsx';
import { Card, Empty, PageHead } from '../../_ui/page.tsx';
import { Pager } from '../../_ui/pager.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Backups') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/backups');
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await found(listAllBackups(actor, query));
  return (
    <>
      <PageHead title={t('Backups')}>
        {hasPermission(actor, 'location.read') && <LinkButton href="/backups/locations">{t('Locations')}</LinkButton>}
      </PageHead>
      {items.length === 0 ? (
        <Card flush>
          <Empty icon={Archive} title={t('No backup yet')}>
            {t('Open a container and choose “Back up now”. It can be made while the container runs.')}
          </Empty>
        </Card>
      ) : (
        <BackupTable
          backups={items}
          withContainer
          mayRestore={hasPermission(actor, 'backup.restore')}
          mayEdit={hasPermission(actor, 'backup.edit')}
          mayDelete={hasPermission(actor, 'backup.delete')}
          mayTest={hasPermission(actor, 'backup.test')}
          mayUndelete={hasPermission(actor, 'container.undelete')}
          mayLook={hasPermission(actor, 'file.read')}
        />
      )}
      <Pager path="/backups" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
