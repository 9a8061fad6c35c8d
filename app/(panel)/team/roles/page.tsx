import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { idParam, type Search } from '../../../_page/query.ts';
import { actorFor } from '../../../_page/reader.ts';
import { RolesPage } from '../../../_page/roles.tsx';
import { withQuery } from '../../../_ui/address.ts';

export function generateMetadata(): Metadata {
  return { title: t('Roles') };
}

/** The roles of the reader's account, or of the one that the address names. */
export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/team/roles');
  const named = await idParam(searchParams, 'tenant');
  const teamPath = withQuery('/team', { tenant: named });
  return <RolesPage actor={actor} tenantId={named ?? actor.tenantId} teamPath={teamPath} />;
}
