import { SlidersHorizontal } from 'lucide-react';
import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { t } from '#lib/language/text.ts';
import { mayEditPlan } from '#lib/plans/edit.ts';
import { listPlans } from '#lib/plans/list.ts';
import { pageQuery, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { CreatePlan } from '../../../_ui/create-plan.tsx';
import { Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';
import { PlanTable } from '../../../_ui/plan-table.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Plans') };
}
export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/admin/plans');
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await found(listPlans(actor, query));
  return (
    <>
      <PageHead title={t('Plans')}>{hasPermission(actor, 'plan.create') && <CreatePlan />}</PageHead>
      {items.length === 0 ? (
        <div className="card">
          <Empty icon={SlidersHorizontal} title={t('No plans yet')}>
            {t('A plan says what a container may use. Containers are created from one.')}
          </Empty>
        </div>
      ) : (
        <PlanTable plans={items} editable={items.filter((plan) => mayEditPlan(actor, plan)).map(({ id }) => id)} />
      )}
      <Pager path="/admin/plans" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
