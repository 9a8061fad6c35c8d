import { History } from 'lucide-react';
import { t } from '#lib/language/text.ts';
import { getOperation } from '#lib/operations/get.ts';
import { listOperations } from '#lib/operations/list.ts';
import { WithTickets } from '../../../../_page/mentions.tsx';
import { idParam, pageQuery, type Search } from '../../../../_page/query.ts';
import { actorFor, containerFor, found } from '../../../../_page/reader.ts';
import { Exits } from '../../../../_ui/exits.tsx';
import { Card, Empty } from '../../../../_ui/page.tsx';
import { Pager } from '../../../../_ui/pager.tsx';
import { RetainedVolumes } from '../../../../_ui/retained.tsx';
import { Timeline } from '../../../../_ui/timeline.tsx';

type Props = { params: Promise<{ id: string }>; searchParams: Search };

export default async function Page({ params, searchParams }: Props) {
  const { id } = await params;
  const path = `/containers/${id}/activity`;
  const actor = await actorFor(path);
  const container = await containerFor(actor, id);
  const query = await pageQuery(searchParams);
  const operationId = await idParam(searchParams, 'operation');
  const asked = operationId === undefined ? null : await found(getOperation(actor, operationId));
  const { items, nextCursor } = await listOperations(actor, { ...query, containerId: id });
  return (
    <>
      {asked !== null && asked.containerId === id && (
        <Card title={t('The operation of a ticket')} className="mb-4" flush>
          <WithTickets actor={actor} operations={[asked]}>
            <Timeline operations={[asked]} />
          </WithTickets>
        </Card>
      )}
      <RetainedVolumes container={container} />
      <Exits container={container} />
      <Card title={t('Activity')} flush>
        {items.length === 0 ? (
          <Empty icon={History} title={t('Nothing has been done yet')}>
            {t('Everything done to this container is listed here: by whom, when, and how it ended.')}
          </Empty>
        ) : (
          <WithTickets actor={actor} operations={items}>
            <Timeline operations={items} />
          </WithTickets>
        )}
      </Card>
      <Pager path={path} nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
