'use client';
import type { RoleChoice, RoleDetail } from '#lib/contract/roles.ts';
import { FormDialog } from '../form-dialog.tsx';
import { count } from '../format.ts';
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
      title={`Delete the role ${role.title}?`}
      problem={problem ?? unread}
      onSubmit={() =>
        void run({ params: { id: role.role } }).then((answer) => {
          if (!answer.ok) return;
          onClose();
          notifyDone(`The role ${role.title} is gone.`);
        })
      }
      cancel="Keep it"
      submit="Delete the role"
      danger
      pending={pending}
      reason={detail === null ? 'Looking who has it.' : null}
    >
      <div className="min-h-24 rounded-control bg-sunk p-3.5" aria-live="polite">
        {detail === null ? (
          <p className="sub">Looking who has it…</p>
        ) : (
          <Outcome
            loses={losses(detail)}
            keeps={['Other roles of theirs, and what they did.']}
            undo="not possible; a role of the same rights can be made and given again."
          />
        )}
      </div>
    </FormDialog>
  );
}

function losses({ holders, invitations }: RoleDetail): string[] {
  const out = holders.filter((one) => one.only).map((one) => one.name);
  const less = holders.filter((one) => !one.only).map((one) => one.name);
  const said = [
    ...(less.length > 0 ? [`${less.join(', ')} may no longer do what it allows.`] : []),
    ...(out.length > 0
      ? [
          `${out.join(', ')} ${out.length === 1 ? 'has' : 'have'} no other role: signed out and out of the account, with their tokens.`,
        ]
      : []),
    ...(invitations > 0
      ? [`${count(invitations, 'open invitation')} of it ${invitations === 1 ? 'is' : 'are'} taken back.`]
      : []),
  ];
  return said.length > 0 ? said : ['Nobody has it; it can no longer be given.'];
}
