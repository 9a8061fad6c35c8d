import { SlidersHorizontal } from 'lucide-react';
import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { spoken } from '#lib/language/spoken.ts';
import { t } from '#lib/language/text.ts';
import { listPlans } from '#lib/plans/list.ts';
import { pageQuery, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { CreatePlan } from '../../../_ui/create-plan.tsx';
import { bytes, cores } from '../../../_ui/format.ts';
import { Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Plans') };
}
const columns = [
  'Cores',
  'Memory',
  'Disk',
  'Files',
  'Processes',
  'Backups',
  'Snapshots',
  'Forwards',
  'Undo for',
  'A tenant',
] as const;

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/admin/plans');
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await found(listPlans(actor, query));
  return (
    <>
      <PageHead title={t('Plans')}>{hasPermission(actor, 'plan.create') && <CreatePlan />}</PageHead>
      <div className="card">
        {items.length === 0 ? (
          <Empty icon={SlidersHorizontal} title={t('No plans yet')}>
            {t('A plan says what a container may use. Containers are created from one.')}
          </Empty>
        ) : (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('Plan')}</th>
                {columns.map((name) => (
                  <th key={name} scope="col" className="num">
                    {t(name)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {items.map(({ id, name, resources, ...plan }) => {
                const values = [
                  cores(resources.cpuCores),
                  bytes(resources.memoryBytes),
                  bytes(resources.diskBytes),
                  resources.inodes.toLocaleString(spoken()),
                  resources.pids.toLocaleString(spoken()),
                  String(plan.maxBackups),
                  String(plan.maxSnapshots),
                  String(plan.maxForwards),
                  t('{n} h', { n: plan.retentionHours }),
                  plan.maxContainers === null ? t('no limit') : String(plan.maxContainers),
                ];
                return (
                  <tr key={id}>
                    <td>
                      <span className="font-semibold [overflow-wrap:anywhere]">{name}</span>
                      <div className="sub">
                        {[plan.price, plan.offered ? '' : t('not offered any more')].filter(Boolean).join(' · ')}
                      </div>
                    </td>
                    {columns.map((column, index) => (
                      <td key={column} className="num whitespace-nowrap" data-label={t(column)}>
                        {values[index]}
                      </td>
                    ))}
                  </tr>
                );
              })}
            </tbody>
          </table>
        )}
      </div>
      <Pager path="/admin/plans" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
