import { History } from 'lucide-react';
import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { listOperations } from '#lib/operations/list.ts';
import { WithTickets } from '../../_page/mentions.tsx';
import { pageQuery, type Search } from '../../_page/query.ts';
import { actorFor, found } from '../../_page/reader.ts';
import { Card, Empty, PageHead } from '../../_ui/page.tsx';
import { Pager } from '../../_ui/pager.tsx';
import { Timeline } from '../../_ui/timeline.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Activity') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/activity');
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await found(listOperations(actor, query));
  return (
    <>
      <PageHead title={t('Activity')} sub={t('What was done to your containers, by whom, and how it ended.')} />
      <Card flush>
        {items.length === 0 ? (
          <Empty icon={History} title={t('Nothing has been done yet')} />
        ) : (
          <WithTickets actor={actor} operations={items}>
            <Timeline operations={items} withContainer />
          </WithTickets>
        )}
      </Card>
      <Pager path="/activity" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
