import { notFound } from 'next/navigation';
import type { UserActor } from '#lib/access/actor.ts';
import { hasPermission, hasUnlessHeld, isBound, ofTenant } from '#lib/access/authorize.ts';
import { getAccountSecurity } from '#lib/auth/factor-policy.ts';
import { heldReason } from '#lib/contract/holds.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { accountRoles } from '#lib/people/account-roles.ts';
import { listMembers } from '#lib/people/members.ts';
import { AccountSecurityCard } from '../_ui/account-security.tsx';
import { LinkButton } from '../_ui/button.tsx';
import { Held } from '../_ui/held.tsx';
import { PageHead } from '../_ui/page.tsx';
import { AddMember } from '../_ui/team-dialogs.tsx';
import { TeamTable } from '../_ui/team-table.tsx';
import { found } from './reader.ts';

/** The people of an account: who they are, what they may over what, and who is invited. `rolesPath`: the page of its roles. */
export async function TeamPage({
  actor,
  tenantId,
  rolesPath,
}: {
  actor: UserActor;
  tenantId: string | null;
  rolesPath: string;
}) {
  if (tenantId === null) notFound();
  const [{ items }, { requireFactor }, { account, roles }] = await Promise.all([
    found(listMembers(actor, tenantId)),
    found(getAccountSecurity(actor, tenantId)),
    found(accountRoles(actor, tenantId)),
  ]);
  const about = ofTenant(tenantId);
  const mayManage = hasUnlessHeld(actor, 'member.manage', about);
  const own = tenantId === actor.tenantId;
  const sub =
    account.kind === 'reseller'
      ? t('Who helps the tenants, and what they may.')
      : t('Who reaches the containers of this account, and what they may.');
  return (
    <Held reason={isBound(actor, about) ? said(heldReason) : null}>
      <PageHead title={own ? t('Team') : t('Team of {name}', { name: account.name })} sub={sub}>
        <LinkButton href={rolesPath}>{t('Roles')}</LinkButton>
        {mayManage && <AddMember account={account} roles={roles} />}
      </PageHead>
      <TeamTable
        account={account}
        members={items}
        roles={roles}
        mayManage={mayManage}
        mayReset={hasPermission(actor, 'factor.reset', about)}
        me={actor.userId}
      />
      <AccountSecurityCard tenantId={tenantId} requireFactor={requireFactor} members={items} mayManage={mayManage} />
    </Held>
  );
}
