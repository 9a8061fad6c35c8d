import { Server } from 'lucide-react';
import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { listHosts } from '#lib/hosts/list.ts';
import { t } from '#lib/language/text.ts';
import { listOrphans } from '#lib/orphans/list.ts';
import { pageQuery, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { HostTable } from '../../../_ui/host-table.tsx';
import { JoinHost } from '../../../_ui/join-host.tsx';
import { OrphanTable } from '../../../_ui/orphan-table.tsx';
import { Card, Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Hosts') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/admin/hosts');
  const query = await pageQuery(searchParams);
  const [{ items, nextCursor }, orphans] = await Promise.all([
    found(listHosts(actor, query)),
    found(listOrphans(actor)),
  ]);
  return (
    <>
      <PageHead title={t('Hosts')}>{hasPermission(actor, 'host.enroll') && <JoinHost />}</PageHead>
      {orphans.items.length > 0 && (
        <OrphanTable orphans={orphans.items} mayDecide={hasPermission(actor, 'orphan.decide')} />
      )}
      {items.length === 0 ? (
        <Card flush>
          <Empty icon={Server} title={t('No host yet')}>
            {t('A host is a server that runs containers. Let one join to begin.')}
          </Empty>
        </Card>
      ) : (
        <HostTable hosts={items} mayLose={hasPermission(actor, 'host.lose')} />
      )}
      <Pager path="/admin/hosts" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
