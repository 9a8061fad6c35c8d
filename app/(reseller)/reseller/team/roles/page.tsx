import type { Metadata } from 'next';
import { actingReseller } from '#lib/resellers/who.ts';
import { actorFor } from '../../../../_page/reader.ts';
import { RolesPage } from '../../../../_page/roles.tsx';

export const metadata: Metadata = { title: 'Roles' };

/** What the reseller's own people may be. */
export default async function Page() {
  const actor = await actorFor('/reseller/team/roles');
  return <RolesPage actor={actor} tenantId={actingReseller(actor)} teamPath="/reseller/team" />;
}
