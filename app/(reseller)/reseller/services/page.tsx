import { Receipt } from 'lucide-react';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { resellerServices } from '#lib/billing/read.ts';
import { t } from '#lib/language/text.ts';
import { actingReseller } from '#lib/resellers/who.ts';
import { pageQuery, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';
import { ServiceTable } from '../../../_ui/service-table.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Services') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/reseller/services');
  const reseller = actingReseller(actor);
  if (reseller === null) notFound();
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await found(resellerServices(actor, reseller, query));
  return (
    <>
      <PageHead title={t('Services')} />
      {items.length === 0 ? (
        <div className="card">
          <Empty icon={Receipt} title={t('No services yet')}>
            {t(
              'A service is what your billing program sells. Make a token with the right billing.run under Account, and give it to the program.',
            )}
          </Empty>
        </div>
      ) : (
        <ServiceTable services={items} />
      )}
      <Pager path="/reseller/services" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
