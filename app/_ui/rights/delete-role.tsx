'use client';
import type { RoleChoice, RoleDetail } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';
import { FormDialog } from '../form-dialog.tsx';
import { notifyDone } from '../notify.tsx';
import { Outcome } from '../outcome.tsx';
import { useAnswer } from '../use-answer.ts';
import { useCall } from '../use-call.ts';

/** Says who would lose what before a role goes. */
export function DeleteRoleDialog({ role, onClose }: { role: RoleChoice; onClose: () => void }) {
  const { run, pending, problem } = useCall('roles.delete', { quiet: true });
  const { found: detail, problem: unread } = useAnswer('roles.get', { params: { id: role.role } });
  return (
    <FormDialog
      onClose={onClose}
      title={t('Delete the role {title}?', { title: role.title })}
      problem={problem ?? unread}
      onSubmit={() =>
        void run({ params: { id: role.role } }).then((answer) => {
          if (!answer.ok) return;
          onClose();
          notifyDone(t('The role {title} is gone.', { title: role.title }));
        })
      }
      cancel={t('Keep it')}
      submit={t('Delete the role')}
      danger
      pending={pending}
      reason={detail === null ? t('Looking who has it.') : null}
    >
      <div className="min-h-24 rounded-control bg-sunk p-3.5" aria-live="polite">
        {detail === null ? (
          <p className="sub">{t('Looking who has it…')}</p>
        ) : (
          <Outcome
            loses={losses(detail)}
            keeps={[t('Other roles of theirs, and what they did.')]}
            undo={t('not possible; a role of the same rights can be made and given again.')}
          />
        )}
      </div>
    </FormDialog>
  );
}

function losses({ holders, invitations }: RoleDetail): string[] {
  const out = holders.filter((one) => one.only).map((one) => one.name);
  const less = holders.filter((one) => !one.only).map((one) => one.name);
  const lost = [
    ...(less.length > 0
      ? [
          t('{names} {n, plural, one {may} other {may}} no longer do what it allows.', {
            names: less.join(', '),
            n: less.length,
          }),
        ]
      : []),
    ...(out.length > 0
      ? [
          t(
            '{names} {n, plural, one {has} other {have}} no other role: signed out and out of the account, with their tokens.',
            { names: out.join(', '), n: out.length },
          ),
        ]
      : []),
    ...(invitations > 0
      ? [
          t('{n, plural, one {# open invitation of it is} other {# open invitations of it are}} taken back.', {
            n: invitations,
          }),
        ]
      : []),
  ];
  return lost.length > 0 ? lost : [t('Nobody has it; it can no longer be given.')];
}
