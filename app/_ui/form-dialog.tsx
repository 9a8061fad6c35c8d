'use client';
import type { Problem } from '#lib/contract/errors.ts';
import { Button } from './button.tsx';
import { Dialog, DialogFoot } from './dialog.tsx';
import { Form, FormProblem } from './form.tsx';

/**
 * A dialog that is one form: its fields, what was refused, and two buttons. The first, `cancel`, closes it and changes
 * nothing; the second, `submit`, sends the form. Closing after a success is up to `onSubmit`. Where the dialog goes on
 * to show what was made (a token, a secret), or asks without a form, build it from Dialog and DialogFoot.
 */
export function FormDialog({
  open = true,
  onClose,
  title,
  sub,
  wide = false,
  problem,
  onSubmit,
  children,
  cancel,
  submit,
  danger = false,
  pending,
  reason,
}: {
  open?: boolean;
  onClose: () => void;
  title: React.ReactNode;
  sub?: React.ReactNode;
  wide?: boolean;
  /** Shown beside the fields it is about, the rest above the buttons. */
  problem: Problem | null;
  onSubmit: (data: FormData) => void;
  children?: React.ReactNode;
  /** Words of the button that closes it. */
  cancel: string;
  /** Words of the button that sends it. */
  submit: string;
  /** Something is lost by sending it. */
  danger?: boolean;
  pending: boolean;
  /** Why it cannot be sent now, and what would change that. */
  reason?: string | null;
}) {
  return (
    <Dialog open={open} onClose={onClose} title={title} sub={sub} wide={wide}>
      <Form problem={problem} onSubmit={onSubmit}>
        {children}
        <FormProblem problem={problem} />
        <DialogFoot>
          <Button onClick={onClose}>{cancel}</Button>
          <Button type="submit" variant={danger ? 'danger' : 'primary'} pending={pending} reason={reason}>
            {submit}
          </Button>
        </DialogFoot>
      </Form>
    </Dialog>
  );
}
