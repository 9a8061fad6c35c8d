import type { UserActor } from '#lib/access/actor.ts';
import { hasPermission } from '#lib/access/authorize.ts';
import { t } from '#lib/language/text.ts';
import { accountRoles } from '#lib/people/account-roles.ts';
import { listMembers } from '#lib/people/members.ts';
import { LinkButton } from '../_ui/button.tsx';
import { PageHead } from '../_ui/page.tsx';
import { AddMember } from '../_ui/team-dialogs.tsx';
import { TeamTable } from '../_ui/team-table.tsx';
import { found } from './reader.ts';

/** The provider's own people: who has a role over the installation, and who is invited. As {@link TeamPage} for accounts. */
export async function StaffPage({ actor }: { actor: UserActor }) {
  const [{ items }, { account, roles }] = await Promise.all([
    found(listMembers(actor, null)),
    found(accountRoles(actor, null)),
  ]);
  const mayManage = hasPermission(actor, 'staff.manage');
  return (
    <>
      <PageHead title={t('Team')} sub={t('Who runs this installation, and what they may.')}>
        <LinkButton href="/admin/roles">{t('Roles')}</LinkButton>
        {mayManage && <AddMember account={account} roles={roles} />}
      </PageHead>
      <TeamTable
        account={account}
        members={items}
        roles={roles}
        mayManage={mayManage}
        mayReset={hasPermission(actor, 'factor.reset')}
        me={actor.userId}
      />
    </>
  );
}
