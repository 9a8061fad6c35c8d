'use client';
import { useState } from 'react';
import type { Member } from '#lib/contract/members.ts';
import type { Assignment, RoleChoice } from '#lib/contract/roles.ts';
import { rich, t } from '#lib/language/text.ts';
import { ResetFactorDialog } from './account-security.tsx';
import { Badge } from './badge.tsx';
import { Button } from './button.tsx';
import { FormDialog } from './form-dialog.tsx';
import { useHeld } from './held.tsx';
import { notifyDone } from './notify.tsx';
import { titleOf } from './rights/role-words.ts';
import { ServiceTokensDialog } from './service-tokens.tsx';
import { type Account, useRemove, useResend } from './team-calls.ts';
import { lastReason, nameOf, RoleDialog } from './team-dialogs.tsx';
import { Ago, At } from './time.tsx';

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
  const [keysOf, setKeysOf] = useState<Member | null>(null);
  const [resetting, setResetting] = useState<Member | null>(null);
  const held = useHeld();
  return (
    <div className="card">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">{t('Who')}</th>
            <th scope="col">{t('May')}</th>
            <th scope="col">{t('Seen')}</th>
            {mayManage && (
              <th scope="col">
                <span className="sr-only">{t('Change')}</span>
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
                  {member.id === me && <Badge tone="idle">{t('you')}</Badge>}
                  {member.kind === 'service' && <Badge tone="idle">{t('service account')}</Badge>}
                  {member.state === 'invited' && <Badge tone="busy">{t('invited')}</Badge>}
                  {member.factor && <Badge tone="good">{t('second factor')}</Badge>}
                  {member.lastOwner && (
                    <Badge tone="warn">{account.kind === 'provider' ? t('last administrator') : t('last owner')}</Badge>
                  )}
                </span>
                {member.name !== '' && member.email !== null && (
                  <div className="sub [overflow-wrap:anywhere]">{member.email}</div>
                )}
                {mayManage && member.lastOwner && (
                  <div className="sub">{t('Stays one, so that somebody can always let others in.')}</div>
                )}
              </td>
              <td data-label={t('May')}>
                {member.assignments.map((one) => (
                  <div key={one.id + one.role + one.labels.join()}>
                    {titleOf(one)}
                    {one.scope !== account.kind && one.scope !== 'installation' && (
                      <span className="sub"> {overWords(one)}</span>
                    )}
                  </div>
                ))}
              </td>
              <td data-label={t('Seen')} className="sub">
                {member.expiresAt !== null ? (
                  rich('link good until {at}', { at: <At key="at" at={member.expiresAt} /> })
                ) : member.lastSeenAt === null ? (
                  t('never')
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
                        aria-label={t('Change the roles of {name}', { name: nameOf(member) })}
                      >
                        {t('Change…')}
                      </Button>
                    )}
                    {member.kind === 'service' && (
                      <Button
                        size="small"
                        reason={held}
                        onClick={() => setKeysOf(member)}
                        aria-label={t('Tokens of {name}', { name: nameOf(member) })}
                      >
                        {t('Tokens…')}
                      </Button>
                    )}
                    {mayReset && member.factor && member.id !== me && (
                      <Button
                        size="small"
                        onClick={() => setResetting(member)}
                        aria-label={t('Lost phone: take the second factor of {name}', { name: nameOf(member) })}
                      >
                        {t('Lost phone…')}
                      </Button>
                    )}
                    <Button
                      size="small"
                      reason={held ?? (member.lastOwner ? lastReason(account) : null)}
                      onClick={() => setRemoving(member)}
                      aria-label={
                        member.state === 'invited'
                          ? t('Take back the invitation of {name}', { name: nameOf(member) })
                          : t('Remove {name}', { name: nameOf(member) })
                      }
                    >
                      {member.state === 'invited' ? t('Take back…') : t('Remove…')}
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
      {keysOf !== null && (
        <ServiceTokensDialog
          robot={{ id: keysOf.id, name: nameOf(keysOf), tenantId: account.id }}
          onClose={() => setKeysOf(null)}
        />
      )}
      {resetting !== null && <ResetFactorDialog member={resetting} onClose={() => setResetting(null)} />}
      {removing !== null && <RemoveDialog account={account} member={removing} onClose={() => setRemoving(null)} />}
    </div>
  );
}

/** The same invitation once more, with a new link: for mails that were lost, or links whose seven days are over. */
function Resend({ account, member }: { account: Account; member: Member }) {
  const { run, pending } = useResend(account, member.id);
  const held = useHeld();
  return (
    <Button
      size="small"
      pending={pending}
      reason={held}
      aria-label={t('Send again the invitation of {name}', { name: nameOf(member) })}
      onClick={() =>
        void run().then(
          (answer) =>
            answer.ok &&
            notifyDone(
              t('A new link is on its way to {name}. The one before works no more.', { name: nameOf(member) }),
            ),
        )
      }
    >
      {t('Send again')}
    </Button>
  );
}

function overWords({ scope, labels, containerName, tenantName }: Assignment): string {
  if (scope === 'labels') return t('of containers labelled {labels}', { labels: labels.join(t(' or ')) });
  if (scope === 'container')
    return containerName === null ? t('of a container that is gone') : t('of {name}', { name: containerName });
  return tenantName === null ? t('of the account') : t('of {name}', { name: tenantName });
}

function RemoveDialog({ account, member, onClose }: { account: Account; member: Member; onClose: () => void }) {
  const { run, pending, problem } = useRemove(account, member.id);
  const invited = member.state === 'invited';
  return (
    <FormDialog
      onClose={onClose}
      title={
        invited
          ? t('Take back the invitation of {name}?', { name: nameOf(member) })
          : t('Remove {name}?', { name: nameOf(member) })
      }
      sub={
        invited
          ? t('The link in the mail works no more.')
          : t(
              'They are signed out, their tokens and open consoles end at once. What they did stays, and they can be invited again.',
            )
      }
      problem={problem}
      onSubmit={() =>
        void run().then((answer) => {
          if (!answer.ok) return;
          onClose();
          notifyDone(
            invited ? t('The invitation was taken back.') : t('{name} was removed.', { name: nameOf(member) }),
          );
        })
      }
      cancel={t('Keep')}
      submit={invited ? t('Take it back') : t('Remove')}
      danger
      pending={pending}
    />
  );
}
