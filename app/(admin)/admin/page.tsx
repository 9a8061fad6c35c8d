import type { Metadata } from 'next';
import Link from 'next/link';
import { getDashboard } from '#lib/dashboard/get.ts';
import { t } from '#lib/language/text.ts';
import { listOperations } from '#lib/operations/list.ts';
import { actorFor, found } from '../../_page/reader.ts';
import { Card, PageHead } from '../../_ui/page.tsx';
import { Counts, Problems } from '../../_ui/problems.tsx';
import { Timeline } from '../../_ui/timeline.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Dashboard') };
}
const shown = 10;

export default async function Page() {
  const actor = await actorFor('/admin');
  const [dashboard, failed] = await Promise.all([
    found(getDashboard(actor)),
    found(listOperations(actor, { state: 'failed', limit: shown })),
  ]);
  return (
    <>
      <PageHead title={t('Dashboard')} />
      <Problems problems={dashboard.problems} />
      <Counts counts={dashboard.counts} />
      <Card
        title={t('Failed lately')}
        flush
        aside={
          <Link className="underline underline-offset-3" href="/admin/operations">
            {t('All operations')}
          </Link>
        }
      >
        {failed.items.length === 0 ? (
          <p className="sub px-4 pb-4">{t('No operation has failed.')}</p>
        ) : (
          <Timeline operations={failed.items} withContainer brief />
        )}
      </Card>
    </>
  );
}
