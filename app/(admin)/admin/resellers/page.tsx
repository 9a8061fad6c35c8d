import { Store } from 'lucide-react';
import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { t } from '#lib/language/text.ts';
import { listResellers } from '#lib/resellers/list.ts';
import { pageQuery, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { CreateReseller } from '../../../_ui/create-reseller.tsx';
import { Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';
import { ResellerTable } from '../../../_ui/reseller-table.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Resellers') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/admin/resellers');
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await found(listResellers(actor, query));
  return (
    <>
      <PageHead title={t('Resellers')}>{hasPermission(actor, 'reseller.create') && <CreateReseller />}</PageHead>
      {items.length === 0 ? (
        <div className="card">
          <Empty icon={Store} title={t('No resellers yet')}>
            {t('A reseller has tenants and plans of its own, within the quota you set.')}
          </Empty>
        </div>
      ) : (
        <ResellerTable resellers={items} mayChange={hasPermission(actor, 'reseller.quota')} />
      )}
      <Pager path="/admin/resellers" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
