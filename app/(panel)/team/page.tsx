import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { audienceOf } from '#lib/access/policy.ts';
import { getAccountSecurity } from '#lib/auth/factor-policy.ts';
import { listMembers } from '#lib/people/members.ts';
import { listRoles } from '#lib/people/roles.ts';
import { idParam, type Search } from '../../_page/query.ts';
import { actorFor, found } from '../../_page/reader.ts';
import { AccountSecurityCard } from '../../_ui/account-security.tsx';
import { PageHead } from '../../_ui/page.tsx';
import { RoleTable } from '../../_ui/role-table.tsx';
import { AddMember } from '../../_ui/team-dialogs.tsx';
import { TeamTable } from '../../_ui/team-table.tsx';

export const metadata: Metadata = { title: 'Team' };

/** The people of the reader's account, or of the one that the address names. */
export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/team');
  const tenantId = (await idParam(searchParams, 'tenant')) ?? actor.tenantId;
  if (tenantId === null) notFound();
  const { items } = await found(listMembers(actor, tenantId));
  const { requireFactor } = await found(getAccountSecurity(actor, tenantId));
  const all = (await listRoles(actor)).items;
  const kind = items.flatMap((one) => one.assignments).some((one) => one.scope === 'reseller') ? 'reseller' : 'tenant';
  const roles = all
    .filter((role) => audienceOf(role.base) === kind)
    .filter((role) => role.builtIn || role.tenantId === tenantId)
    .reverse();
  const mayManage = hasPermission(actor, 'member.manage', ofTenant(tenantId));
  return (
    <>
      <PageHead title="Team" sub="Who reaches the containers of this account, and what they may.">
        {mayManage && <AddMember tenantId={tenantId} roles={roles} />}
      </PageHead>
      <TeamTable
        tenantId={tenantId}
        members={items}
        roles={roles}
        mayManage={mayManage}
        mayReset={hasPermission(actor, 'factor.reset', ofTenant(tenantId))}
        me={actor.userId}
      />
      <AccountSecurityCard tenantId={tenantId} requireFactor={requireFactor} members={items} mayManage={mayManage} />
      <RoleTable roles={roles} />
    </>
  );
}
