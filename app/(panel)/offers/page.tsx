import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { listHandovers } from '#lib/handovers/list.ts';
import { t } from '#lib/language/text.ts';
import { pageQuery, type Search } from '../../_page/query.ts';
import { actorFor, found } from '../../_page/reader.ts';
import { Offers } from '../../_ui/offers.tsx';
import { PageHead } from '../../_ui/page.tsx';
import { Pager } from '../../_ui/pager.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Offers') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/offers');
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await found(listHandovers(actor, query));
  const may = { offer: hasPermission(actor, 'handover.offer'), consent: hasPermission(actor, 'handover.consent') };
  return (
    <>
      <PageHead title={t('Offers')} sub={t('Containers that go from one account to another, when both say yes.')} />
      <Offers offers={items} may={may} />
      <Pager path="/offers" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
