import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { t } from '#lib/language/text.ts';
import { accountRoles } from '#lib/people/account-roles.ts';
import { listRoles } from '#lib/people/roles.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { LinkButton } from '../../../_ui/button.tsx';
import { PageHead } from '../../../_ui/page.tsx';
import { CustomRoles } from '../../../_ui/rights/custom-roles.tsx';
import { RoleMatrix } from '../../../_ui/rights/role-matrix.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Roles') };
}

/** All built-in roles, the provider's, resellers', tenants'; for who sees the provider's people, also those that it made for them. */
export default async function Page() {
  const actor = await actorFor('/admin/roles');
  if (!hasPermission(actor, 'member.read')) notFound();
  const [{ items }, staff] = await Promise.all([
    listRoles(actor),
    hasPermission(actor, 'staff.read') ? found(accountRoles(actor, null)) : null,
  ]);
  const own = staff?.roles.filter((role) => !role.builtIn) ?? [];
  return (
    <>
      <PageHead
        title={t('Roles')}
        sub={t(
          'What each role may do, whatever it is given over. Roles of their own are on the pages of each account’s team.',
        )}
      >
        {staff !== null && <LinkButton href="/admin/team">{t('Team')}</LinkButton>}
        {hasPermission(actor, 'access.who') && <LinkButton href="/admin/who">{t('Who can…?')}</LinkButton>}
      </PageHead>
      {staff !== null && (
        <CustomRoles
          tenantId={null}
          roles={staff.roles}
          mayCreate={hasPermission(actor, 'role.create', ofTenant(null))}
        />
      )}
      <RoleMatrix roles={[...items.filter((role) => role.builtIn), ...own]} />
    </>
  );
}
