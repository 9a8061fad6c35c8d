import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { hasPermission } from '#lib/access/authorize.ts';
import { t } from '#lib/language/text.ts';
import { listRoles } from '#lib/people/roles.ts';
import { actorFor } from '../../../_page/reader.ts';
import { LinkButton } from '../../../_ui/button.tsx';
import { PageHead } from '../../../_ui/page.tsx';
import { RoleMatrix } from '../../../_ui/rights/role-matrix.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Roles') };
}

/** All built-in roles: the provider's, resellers', tenants'. */
export default async function Page() {
  const actor = await actorFor('/admin/roles');
  if (!hasPermission(actor, 'member.read')) notFound();
  const { items } = await listRoles(actor);
  return (
    <>
      <PageHead
        title={t('Roles')}
        sub={t(
          'What each role may do, whatever it is given over. Roles of their own are on the pages of each account’s team.',
        )}
      >
        {hasPermission(actor, 'access.who') && <LinkButton href="/admin/who">{t('Who can…?')}</LinkButton>}
      </PageHead>
      <RoleMatrix roles={items.filter((role) => role.builtIn)} />
    </>
  );
}
