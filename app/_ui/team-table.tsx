'use client';
import { useState } from 'react';
import type { Member } from '#lib/contract/members.ts';
import type { Assignment, RoleChoice } from '#lib/contract/roles.ts';
import { ResetFactorDialog } from './account-security.tsx';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { FormDialog } from './form-dialog.tsx';
import { useHeld } from './held.tsx';
import { notifyDone } from './notify.tsx';
import { type Account, lastOwnerReason, nameOf, RoleDialog } from './team-dialogs.tsx';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';

type Props = {
  account: Account;
  members: readonly Member[];
  roles: readonly RoleChoice[];
  mayManage: boolean;
  /** Take somebody's second factor who lost it. */
  mayReset: boolean;
  me: string;
};

/** Who belongs to an account, over what, and since when. */
export function TeamTable({ account, members, roles, mayManage, mayReset, me }: Props) {
  const [changing, setChanging] = useState<Member | null>(null);
  const [removing, setRemoving] = useState<Member | null>(null);
  const [resetting, setResetting] = useState<Member | null>(null);
  const held = useHeld();
  return (
    <div className="card">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Who</th>
            <th scope="col">May</th>
            <th scope="col">Seen</th>
            {mayManage && (
              <th scope="col">
                <span className="sr-only">Change</span>
              </th>
            )}
          </tr>
        </thead>
        <tbody>
          {members.map((member) => (
            <tr key={member.id}>
              <td>
                <span className="flex flex-wrap items-center gap-x-2 font-semibold [overflow-wrap:anywhere]">
                  {nameOf(member)}
                  {member.id === me && <Badge tone="idle">you</Badge>}
                  {member.kind === 'service' && <Badge tone="idle">service account</Badge>}
                  {member.state === 'invited' && <Badge tone="busy">invited</Badge>}
                  {member.factor && <Badge tone="good">second factor</Badge>}
                  {member.lastOwner && <Badge tone="warn">last owner</Badge>}
                </span>
                {member.name !== '' && member.email !== null && (
                  <div className="sub [overflow-wrap:anywhere]">{member.email}</div>
                )}
                {mayManage && member.lastOwner && (
                  <div className="sub">Stays one, so that somebody can always let others in.</div>
                )}
              </td>
              <td data-label="May">
                {member.assignments.map((one) => (
                  <div key={one.id + one.role + one.labels.join()}>
                    {one.title}
                    {one.scope !== account.kind && <span className="sub"> of {overWords(one)}</span>}
                  </div>
                ))}
              </td>
              <td data-label="Seen" className="sub">
                {member.expiresAt !== null ? (
                  <>
                    link good until <At at={member.expiresAt} />
                  </>
                ) : member.lastSeenAt === null ? (
                  'never'
                ) : (
                  <Ago at={member.lastSeenAt} />
                )}
              </td>
              {mayManage && (
                <td>
                  <div className="flex flex-wrap justify-end gap-2">
                    {member.state === 'invited' && <Resend account={account} member={member} />}
                    {member.state === 'member' && (
                      <Button
                        size="small"
                        reason={held}
                        onClick={() => setChanging(member)}
                        aria-label={`Change the roles of ${nameOf(member)}`}
                      >
                        Change…
                      </Button>
                    )}
                    {mayReset && member.factor && member.id !== me && (
                      <Button
                        size="small"
                        onClick={() => setResetting(member)}
                        aria-label={`Take the second factor of ${nameOf(member)}`}
                      >
                        Lost phone…
                      </Button>
                    )}
                    <Button
                      size="small"
                      reason={held ?? (member.lastOwner ? lastOwnerReason : null)}
                      onClick={() => setRemoving(member)}
                      aria-label={
                        member.state === 'invited'
                          ? `Take back the invitation of ${nameOf(member)}`
                          : `Remove ${nameOf(member)}`
                      }
                    >
                      {member.state === 'invited' ? 'Take back…' : 'Remove…'}
                    </Button>
                  </div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {changing !== null && (
        <RoleDialog account={account} member={changing} roles={roles} onClose={() => setChanging(null)} />
      )}
      {resetting !== null && <ResetFactorDialog member={resetting} onClose={() => setResetting(null)} />}
      {removing !== null && <RemoveDialog tenantId={account.id} member={removing} onClose={() => setRemoving(null)} />}
    </div>
  );
}

/** The same invitation once more, with a new link: for mails that were lost, or links whose seven days are over. */
function Resend({ account, member }: { account: Account; member: Member }) {
  const { run, pending } = useCall('members.resend');
  const held = useHeld();
  return (
    <Button
      size="small"
      pending={pending}
      reason={held}
      aria-label={`Send the invitation of ${nameOf(member)} again`}
      onClick={() =>
        void run({ params: { id: account.id, memberId: member.id }, body: {} }).then(
          (answer) =>
            answer.ok && notifyDone(`A new link is on its way to ${nameOf(member)}. The one before works no more.`),
        )
      }
    >
      Send again
    </Button>
  );
}

function overWords({ scope, labels, containerName, tenantName }: Assignment): string {
  if (scope === 'labels') return `containers labelled ${labels.join(' or ')}`;
  if (scope === 'container') return containerName ?? 'a container that is gone';
  return tenantName ?? 'the account';
}

function RemoveDialog({ tenantId, member, onClose }: { tenantId: string; member: Member; onClose: () => void }) {
  const { run, pending, problem } = useCall('members.remove', { quiet: true });
  const invited = member.state === 'invited';
  return (
    <FormDialog
      onClose={onClose}
      title={invited ? `Take back the invitation of ${nameOf(member)}?` : `Remove ${nameOf(member)}?`}
      sub={
        invited
          ? 'The link in the mail works no more.'
          : 'They are signed out, their tokens and open consoles end at once. What they did stays, and they can be invited again.'
      }
      problem={problem}
      onSubmit={() =>
        void run({ params: { id: tenantId, memberId: member.id } }).then((answer) => {
          if (!answer.ok) return;
          onClose();
          notifyDone(invited ? 'The invitation was taken back.' : `${nameOf(member)} was removed.`);
        })
      }
      cancel="Keep"
      submit={invited ? 'Take it back' : 'Remove'}
      danger
      pending={pending}
    />
  );
}
