import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { actingReseller } from '#lib/resellers/who.ts';
import { actorFor } from '../../../_page/reader.ts';
import { TeamPage } from '../../../_page/team.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Team') };
}

/** The reseller's own people. */
export default async function Page() {
  const actor = await actorFor('/reseller/team');
  return <TeamPage actor={actor} tenantId={actingReseller(actor)} rolesPath="/reseller/team/roles" />;
}
