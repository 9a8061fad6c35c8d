import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { actingReseller } from '#lib/resellers/who.ts';
import { actorFor } from '../../../../_page/reader.ts';
import { RolesPage } from '../../../../_page/roles.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Roles') };
}

/** What the reseller's own people may be. */
export default async function Page() {
  const actor = await actorFor('/reseller/team/roles');
  return <RolesPage actor={actor} tenantId={actingReseller(actor)} teamPath="/reseller/team" />;
}
