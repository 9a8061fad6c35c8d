import { CircleCheck, History } from 'lucide-react';
import type { Metadata } from 'next';
import { OperationState } from '#lib/contract/states.ts';
import { t } from '#lib/language/text.ts';
import { listOperations } from '#lib/operations/list.ts';
import { WithTickets } from '../../../_page/mentions.tsx';
import { pageQuery, param, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { Filter } from '../../../_ui/filter.tsx';
import { OperationCard } from '../../../_ui/operation-card.tsx';
import { Card, Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';
import { Timeline } from '../../../_ui/timeline.tsx';
import { operationStateWords } from '../../../_ui/words.ts';

export function generateMetadata(): Metadata {
  return { title: t('Operations') };
}
const path = '/admin/operations';

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor(path);
  const state = OperationState.safeParse(await param(searchParams, 'state')).data;
  const query = await pageQuery(searchParams);
  const first = query.cursor === undefined && state === undefined;
  const [stuck, list] = await Promise.all([
    first ? found(listOperations(actor, { state: 'stuck', limit: 50 })) : null,
    found(listOperations(actor, { ...query, ...(state === undefined ? {} : { state }) })),
  ]);
  const rest = first ? list.items.filter((operation) => operation.state !== 'stuck') : list.items;
  return (
    <>
      <PageHead title={t('Operations')}>
        <Filter
          label={t('State')}
          path={path}
          name="state"
          value={state}
          options={OperationState.options.map((each) => ({ value: each, label: t(operationStateWords[each].word) }))}
        />
      </PageHead>
      {stuck !== null && stuck.items.length > 0 && (
        <section className="mb-6">
          <h2 className="mb-2 text-[13px] font-semibold text-bad">{t('Stuck: these wait for a person')}</h2>
          <WithTickets actor={actor} operations={stuck.items}>
            {stuck.items.map((operation) => (
              <OperationCard key={operation.id} operation={operation} named />
            ))}
          </WithTickets>
        </section>
      )}
      {stuck !== null && stuck.items.length === 0 && (
        <p className="mb-4 flex items-center gap-2 text-[13px] text-muted">
          <CircleCheck aria-hidden className="size-4 text-good" /> {t('Nothing is stuck.')}
        </p>
      )}
      <Card flush>
        {rest.length === 0 ? (
          <Empty icon={History} title={t('No such operation')} />
        ) : (
          <WithTickets actor={actor} operations={rest}>
            <Timeline operations={rest} withContainer />
          </WithTickets>
        )}
      </Card>
      <Pager path={path} query={{ state }} nextCursor={list.nextCursor} cursor={query.cursor} />
    </>
  );
}
