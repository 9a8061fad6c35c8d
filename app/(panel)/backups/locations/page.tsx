import type { Metadata } from 'next';
import { hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { t } from '#lib/language/text.ts';
import { listLocations } from '#lib/locations/list.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { AddLocation } from '../../../_ui/location-form.tsx';
import { LocationTable } from '../../../_ui/location-table.tsx';
import { PageHead } from '../../../_ui/page.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Backup locations') };
}

export default async function Page() {
  const actor = await actorFor('/backups/locations');
  const { items } = await found(listLocations(actor));
  const may = actor.tenantId !== null && hasPermission(actor, 'location.manage', ofTenant(actor.tenantId));
  const mine = items.filter((one) => one.tenantId !== null && one.address !== null).map((one) => one.id);
  return (
    <>
      <PageHead title={t('Backup locations')}>{may && <AddLocation />}</PageHead>
      <LocationTable locations={items} mine={mine} />
    </>
  );
}
