import { notFound } from 'next/navigation';
import type { UserActor } from '#lib/access/actor.ts';
import { hasUnlessHeld, isBound, ofTenant } from '#lib/access/authorize.ts';
import { heldReason } from '#lib/contract/holds.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { accountRoles } from '#lib/people/account-roles.ts';
import { LinkButton } from '../_ui/button.tsx';
import { Held } from '../_ui/held.tsx';
import { PageHead } from '../_ui/page.tsx';
import { CustomRoles } from '../_ui/rights/custom-roles.tsx';
import { RoleMatrix } from '../_ui/rights/role-matrix.tsx';
import { found } from './reader.ts';

/** What each role of an account may do, and roles of its own. */
export async function RolesPage({
  actor,
  tenantId,
  teamPath,
}: {
  actor: UserActor;
  tenantId: string | null;
  teamPath: string;
}) {
  if (tenantId === null) notFound();
  const { account, roles: own, forTenants } = await found(accountRoles(actor, tenantId));
  const roles = [...own, ...forTenants];
  const about = ofTenant(tenantId);
  return (
    <Held reason={isBound(actor, about) ? said(heldReason) : null}>
      <PageHead
        title={tenantId === actor.tenantId ? t('Roles') : t('Roles of {name}', { name: account.name })}
        sub={t('A role is what somebody may; over what, is said when it is given. Nobody gives what they do not have.')}
      >
        <LinkButton href={teamPath}>{t('Team')}</LinkButton>
      </PageHead>
      <CustomRoles tenantId={tenantId} roles={roles} mayCreate={hasUnlessHeld(actor, 'role.create', about)} />
      <RoleMatrix roles={roles} />
    </Held>
  );
}
