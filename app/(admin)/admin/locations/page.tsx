import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { t } from '#lib/language/text.ts';
import { listLocations } from '#lib/locations/list.ts';
import { listPlans } from '#lib/plans/list.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { AddLocation } from '../../../_ui/location-form.tsx';
import { LocationTable } from '../../../_ui/location-table.tsx';
import { PageHead } from '../../../_ui/page.tsx';
import { PlanLocations } from '../../../_ui/plan-locations.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Backup locations') };
}

export default async function Page() {
  const actor = await actorFor('/admin/locations');
  const { items } = await found(listLocations(actor));
  const may = hasPermission(actor, 'location.manage');
  const plans = hasPermission(actor, 'plan.change') ? (await listPlans(actor, { limit: 200 })).items : [];
  return (
    <>
      <PageHead title={t('Backup locations')}>{may && <AddLocation />}</PageHead>
      <LocationTable locations={items} mine={items.filter((one) => one.address !== null).map((one) => one.id)} />
      {plans.length > 0 && <PlanLocations plans={plans} locations={items.filter((one) => one.tenantId === null)} />}
    </>
  );
}
