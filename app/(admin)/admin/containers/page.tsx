import { Box, SearchX } from 'lucide-react';
import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { listLabels } from '#lib/containers/labels.ts';
import { listContainers } from '#lib/containers/list.ts';
import { Label } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { idParam, pageQuery, param, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { ContainerTable } from '../../../_ui/container-table.tsx';
import { CreateContainer } from '../../../_ui/create-container.tsx';
import { DeletedContainers } from '../../../_ui/deleted-containers.tsx';
import { ImportContainer } from '../../../_ui/dialog-import.tsx';
import { LabelFilter } from '../../../_ui/labels/label-filter.tsx';
import { Card, Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';
import { SearchField } from '../../../_ui/search-field.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Containers') };
}
const path = '/admin/containers';

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor(path);
  const q = await param(searchParams, 'q');
  const tenantId = await idParam(searchParams, 'tenantId');
  const hostId = await idParam(searchParams, 'hostId');
  const label = Label.safeParse(await param(searchParams, 'label')).data;
  const query = await pageQuery(searchParams);
  const narrowed = {
    ...(q === undefined ? {} : { q }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(hostId === undefined ? {} : { hostId }),
    ...(label === undefined ? {} : { label }),
  };
  const [{ items, nextCursor }, deleted, { items: labels }] = await Promise.all([
    found(listContainers(actor, { ...query, ...narrowed })),
    found(listContainers(actor, { ...narrowed, deleted: true, limit: 50 })),
    found(listLabels(actor, tenantId === undefined ? {} : { tenantId })),
  ]);
  const some = items[0];
  const of =
    some === undefined
      ? null
      : tenantId !== undefined
        ? t('of {tenant}', { tenant: some.tenantName })
        : hostId !== undefined
          ? t('on {host}', { host: some.hostName })
          : null;
  const mayCreate = hasPermission(actor, 'container.create');
  return (
    <>
      <PageHead title={t('Containers')} {...(of === null ? {} : { sub: of })}>
        <SearchField initial={q ?? ''} label={t('Name or address')} keep={{ tenantId, hostId, label }} />
        <LabelFilter path={path} label={label} labels={labels} keep={{ q, tenantId, hostId }} />
        {hasPermission(actor, 'container.import') && (
          <ImportContainer {...(tenantId === undefined ? {} : { tenantId })} />
        )}
        {mayCreate && <CreateContainer />}
      </PageHead>
      {items.length > 0 ? (
        <ContainerTable containers={items} staff />
      ) : (
        <Card flush>
          {Object.keys(narrowed).length === 0 ? (
            <Empty icon={Box} title={t('No containers yet')}>
              {mayCreate
                ? t('Create the first one from a plan, a template and a tenant.')
                : t('They appear here as soon as the first one exists.')}
            </Empty>
          ) : (
            <Empty icon={SearchX} title={q === undefined ? t('No containers here') : t('Nothing fits “{q}”', { q })} />
          )}
        </Card>
      )}
      <DeletedContainers containers={deleted.items} mayUndelete={hasPermission(actor, 'container.undelete')} staff />
      <Pager path={path} query={narrowed} nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
