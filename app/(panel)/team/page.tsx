import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { idParam, type Search } from '../../_page/query.ts';
import { actorFor } from '../../_page/reader.ts';
import { TeamPage } from '../../_page/team.tsx';
import { withQuery } from '../../_ui/address.ts';

export function generateMetadata(): Metadata {
  return { title: t('Team') };
}

/** The people of the reader's account, or of the one that the address names. */
export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/team');
  const named = await idParam(searchParams, 'tenant');
  const rolesPath = withQuery('/team/roles', { tenant: named });
  return <TeamPage actor={actor} tenantId={named ?? actor.tenantId} rolesPath={rolesPath} />;
}
