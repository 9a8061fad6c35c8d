import { Box, SearchX } from 'lucide-react';
import type { Metadata } from 'next';
import { hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { listLabels } from '#lib/containers/labels.ts';
import { listContainers } from '#lib/containers/list.ts';
import { Label } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { pageQuery, param, type Search } from '../../../_page/query.ts';
import { actorFor } from '../../../_page/reader.ts';
import { ContainerTable } from '../../../_ui/container-table.tsx';
import { DeletedContainers } from '../../../_ui/deleted-containers.tsx';
import { ImportContainer } from '../../../_ui/dialog-import.tsx';
import { LabelFilter } from '../../../_ui/labels/label-filter.tsx';
import { Card, Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';
import { SearchField } from '../../../_ui/search-field.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Containers') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/containers');
  const q = await param(searchParams, 'q');
  const label = Label.safeParse(await param(searchParams, 'label')).data;
  const query = await pageQuery(searchParams);
  const narrowed = { ...(q === undefined ? {} : { q }), ...(label === undefined ? {} : { label }) };
  const [{ items, nextCursor }, deleted, { items: labels }] = await Promise.all([
    listContainers(actor, { ...query, ...narrowed }),
    listContainers(actor, { deleted: true, limit: 50 }),
    listLabels(actor, {}),
  ]);
  const mayLabel = hasPermission(actor, 'container.label');
  const whole = ofTenant(actor.tenantId);
  const mayImport = hasPermission(actor, 'container.import', whole) && items.length > 0;
  const searchable = items.length > 1 || Object.keys(narrowed).length > 0 || query.cursor !== undefined;
  return (
    <>
      <PageHead title={t('Containers')}>
        {searchable && <SearchField initial={q ?? ''} label={t('Name or address')} keep={{ label }} />}
        <LabelFilter path="/containers" label={label} labels={labels} keep={{ q }} />
        {mayImport && actor.tenantId !== null && (
          <ImportContainer tenantId={actor.tenantId} planIds={[...new Set(items.map((one) => one.planId))]} />
        )}
      </PageHead>
      {items.length > 0 ? (
        <ContainerTable containers={items} labels={mayLabel ? labels.map((one) => one.label) : null} />
      ) : (
        <Card flush>
          {q === undefined && label === undefined ? (
            <Empty icon={Box} title={t('No containers yet')}>
              {t('Your provider creates the first one for you. It appears here by itself as soon as it exists.')}
            </Empty>
          ) : (
            <Empty
              icon={SearchX}
              title={
                q === undefined ? t('None is labelled {label}', { label: label ?? '' }) : t('Nothing fits “{q}”', { q })
              }
            >
              {q !== undefined && t('Try a part of the name, or of the address.')}
            </Empty>
          )}
        </Card>
      )}
      <DeletedContainers containers={deleted.items} mayUndelete={hasPermission(actor, 'container.undelete', whole)} />
      <Pager path="/containers" query={{ q, label }} nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
