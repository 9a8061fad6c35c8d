'use client';
import { useState } from 'react';
import type { Member } from '#lib/contract/members.ts';
import type { Assignment, RoleInfo } from '#lib/contract/roles.ts';
import { ResetFactorDialog } from './account-security.tsx';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { FormProblem } from './form.tsx';
import { notifyDone } from './notify.tsx';
import { RoleDialog } from './team-dialogs.tsx';
import { Ago, At } from './time.tsx';
import { useCall } from './use-call.ts';

type Props = {
  tenantId: string;
  members: readonly Member[];
  roles: readonly RoleInfo[];
  mayManage: boolean;
  /** Take somebody's second factor who lost it. */
  mayReset: boolean;
  me: string;
};

/** Who belongs to an account, over what, and since when. */
export function TeamTable({ tenantId, members, roles, mayManage, mayReset, me }: Props) {
  const [changing, setChanging] = useState<Member | null>(null);
  const [removing, setRemoving] = useState<Member | null>(null);
  const [resetting, setResetting] = useState<Member | null>(null);
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
                </span>
                {member.name !== '' && member.email !== null && (
                  <div className="sub [overflow-wrap:anywhere]">{member.email}</div>
                )}
              </td>
              <td data-label="May">
                {member.assignments.map((one) => (
                  <div key={one.id + one.role + one.labels.join()}>
                    {one.title}
                    {one.scope !== 'tenant' && <span className="sub"> of {overWords(one)}</span>}
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
                    {member.state === 'member' && (
                      <Button
                        size="small"
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
                    <Button size="small" onClick={() => setRemoving(member)} aria-label={`Remove ${nameOf(member)}`}>
                      Remove…
                    </Button>
                  </div>
                </td>
              )}
            </tr>
          ))}
        </tbody>
      </table>
      {changing !== null && (
        <RoleDialog tenantId={tenantId} member={changing} roles={roles} onClose={() => setChanging(null)} />
      )}
      {resetting !== null && <ResetFactorDialog member={resetting} onClose={() => setResetting(null)} />}
      {removing !== null && <RemoveDialog tenantId={tenantId} member={removing} onClose={() => setRemoving(null)} />}
    </div>
  );
}

export function nameOf(member: Member): string {
  return member.name === '' ? (member.email ?? '') : member.name;
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
    <Dialog
      open
      onClose={onClose}
      title={invited ? `Take back the invitation of ${nameOf(member)}?` : `Remove ${nameOf(member)}?`}
      sub={
        invited
          ? 'The link in the mail works no more.'
          : 'They are signed out, their tokens and open consoles end at once. What they did stays, and they can be invited again.'
      }
    >
      <FormProblem problem={problem} />
      <DialogFoot>
        <Button onClick={onClose}>Keep</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() =>
            void run({ params: { id: tenantId, memberId: member.id } }).then((answer) => {
              if (!answer.ok) return;
              onClose();
              notifyDone(invited ? 'The invitation was taken back.' : `${nameOf(member)} was removed.`);
            })
          }
        >
          {invited ? 'Take it back' : 'Remove'}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
