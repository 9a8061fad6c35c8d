import { TriangleAlert, Users } from 'lucide-react';
import type { Metadata } from 'next';
import Link from 'next/link';
import { notFound } from 'next/navigation';
import { hasPermission } from '#lib/access/authorize.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { resellerDashboard } from '#lib/resellers/dashboard.ts';
import { actingReseller } from '#lib/resellers/who.ts';
import { actorFor, found } from '../../_page/reader.ts';
import { CreateTenant } from '../../_ui/create-tenant.tsx';
import { bytes } from '../../_ui/format.ts';
import { Card, Empty, Notice, PageHead } from '../../_ui/page.tsx';
import { QuotaMeters } from '../../_ui/quota-meters.tsx';
import { ResellerProblems, StateTiles } from '../../_ui/reseller-problems.tsx';
import { TicketTable } from '../../_ui/tickets/ticket-table.tsx';
import { Timeline } from '../../_ui/timeline.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Dashboard') };
}

export default async function Page() {
  const actor = await actorFor('/reseller');
  const reseller = actingReseller(actor);
  if (reseller === null) notFound();
  const { problems, states, tickets, quota, tenants, failed } = await found(resellerDashboard(actor, reseller));
  return (
    <>
      <PageHead title={t('Dashboard')}>{hasPermission(actor, 'tenant.create') && <CreateTenant />}</PageHead>
      {quota.notice !== null && (
        <Notice tone="warn" icon={TriangleAlert} title={t('You are above your quota')}>
          {said(quota.notice)}
        </Notice>
      )}
      <div className="grid gap-4">
        <ResellerProblems problems={problems} />
        <Card title={t('Containers')}>
          <StateTiles states={states} />
        </Card>
        <Card
          title={t('Waiting for an answer')}
          flush
          aside={
            <Link className="underline underline-offset-3" href="/admin/tickets">
              {t('All tickets')}
            </Link>
          }
        >
          {tickets.length === 0 ? (
            <p className="sub px-4 pb-4">{t('Nobody waits.')}</p>
          ) : (
            <TicketTable tickets={tickets} base="/admin/tickets" staff />
          )}
        </Card>
        <Card title={t('Use of your quota')}>
          <QuotaMeters quota={quota.quota} used={quota.used} />
        </Card>
        <Card title={t('Tenants')} flush>
          {tenants.length === 0 ? (
            <Empty icon={Users} title={t('No tenants yet')}>
              {t('A tenant is a customer’s account. Create one, then a container for it.')}
            </Empty>
          ) : (
            <table className="table">
              <thead>
                <tr>
                  <th scope="col">{t('Tenant')}</th>
                  {(['Containers', 'Running', 'Memory', 'Disk'] as const).map((name) => (
                    <th key={name} scope="col" className="num">
                      {t(name)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {tenants.map((tenant) => (
                  <tr key={tenant.id} className="relative">
                    <td className="font-semibold [overflow-wrap:anywhere]">
                      <Link
                        className="after:absolute after:inset-0 hover:underline"
                        href={`/admin/tenants/${tenant.id}`}
                      >
                        {tenant.name}
                      </Link>
                    </td>
                    <td className="num" data-label={t('Containers')}>
                      {tenant.containers}
                    </td>
                    <td className="num" data-label={t('Running')}>
                      {tenant.running}
                    </td>
                    <td className="num" data-label={t('Memory')}>
                      {bytes(tenant.memoryBytes)}
                    </td>
                    <td className="num" data-label={t('Disk')}>
                      {bytes(tenant.diskBytes)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Card>
        <Card title={t('Failed in the last day')} flush>
          {failed.length === 0 ? (
            <p className="sub px-4 pb-4">{t('Nothing has failed.')}</p>
          ) : (
            <Timeline operations={failed} withContainer brief />
          )}
        </Card>
      </div>
    </>
  );
}
