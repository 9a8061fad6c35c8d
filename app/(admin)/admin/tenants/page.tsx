import { Users } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { hasPermission } from '#lib/access/authorize.ts';
import { t } from '#lib/language/text.ts';
import { listTenants } from '#lib/tenants/list.ts';
import { pageQuery, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { CreateTenant } from '../../../_ui/create-tenant.tsx';
import { Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';
import { At } from '../../../_ui/time.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Tenants') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/admin/tenants');
  const query = await pageQuery(searchParams);
  const { items, nextCursor } = await found(listTenants(actor, query));
  return (
    <>
      <PageHead title={t('Tenants')}>{hasPermission(actor, 'tenant.create') && <CreateTenant />}</PageHead>
      <div className="card">
        {items.length === 0 ? (
          <Empty icon={Users} title={t('No tenants yet')}>
            {t('A tenant is a customer’s account. It owns containers and has users.')}
          </Empty>
        ) : (
          <table className="table">
            <thead>
              <tr>
                <th scope="col">{t('Tenant')}</th>
                <th scope="col" className="num">
                  {t('Containers')}
                </th>
                <th scope="col" className="num">
                  {t('Users')}
                </th>
                <th scope="col">{t('Created')}</th>
              </tr>
            </thead>
            <tbody>
              {items.map((tenant) => (
                <tr key={tenant.id} className="relative">
                  <td className="font-semibold [overflow-wrap:anywhere]">
                    <Link className="after:absolute after:inset-0 hover:underline" href={`/admin/tenants/${tenant.id}`}>
                      {tenant.name}
                    </Link>
                  </td>
                  <td className="num" data-label={t('Containers')}>
                    <Link className="relative hover:underline" href={`/admin/containers?tenantId=${tenant.id}`}>
                      {tenant.containers}
                    </Link>
                  </td>
                  <td className="num" data-label={t('Users')}>
                    <Link className="relative hover:underline" href={`/team?tenant=${tenant.id}`}>
                      {tenant.users}
                    </Link>
                  </td>
                  <td data-label={t('Created')}>
                    <At at={tenant.createdAt} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
      <Pager path="/admin/tenants" nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}
