import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { listHosts } from '#lib/hosts/list.ts';
import { t } from '#lib/language/text.ts';
import { listOutages } from '#lib/outages/list.ts';
import { pageQuery, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { DeclareOutage, OutageList } from '../../../_ui/outages.tsx';
import { PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Outages') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/admin/outages');
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await found(listOutages(actor, query));
  const declares = hasPermission(actor, 'outage.declare');
  const hosts = declares ? (await listHosts(actor, { limit: 200 })).items.map(({ id, name }) => ({ id, name })) : [];
  return (
    <>
      <PageHead title={t('Outages')} sub={t('What does not work, whom it concerns, and what they were told.')}>
        {declares && <DeclareOutage hosts={hosts} />}
      </PageHead>
      <OutageList outages={items} declares={declares} />
      <Pager path="/admin/outages" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
