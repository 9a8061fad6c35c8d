'use client';
import { longestOfferDays } from '#lib/contract/handovers.ts';
import type { Container } from '#lib/contract/rest.ts';
import { SelectField, TextArea, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { Outcome } from './outcome.tsx';
import { useCall } from './use-call.ts';

/** `onBehalf`: staff asks, and the account itself has to say yes before anybody hears of it. */
export function HandoverDialog({
  container,
  onBehalf,
  onClose,
}: {
  container: Pick<Container, 'id' | 'name'>;
  onBehalf: boolean;
  onClose: () => void;
}) {
  const { run, pending, problem } = useCall('handovers.offer', { quiet: true });
  const submit = (data: FormData) => {
    const email = String(data.get('to')).trim();
    const body = { to: { email }, note: String(data.get('note')), days: Number(data.get('days')) };
    void run({ params: { id: container.id }, body }).then((answer) => {
      if (!answer.ok) return;
      notifyDone(
        onBehalf
          ? 'The owners are asked. Without their word nothing happens.'
          : 'Offered. Nothing changes before they accept.',
      );
      onClose();
    });
  };
  return (
    <FormDialog
      title={`Hand ${container.name} over`}
      sub="To another account, for good. Nothing changes until its owner accepts."
      danger
      cancel="Keep it"
      submit={onBehalf ? 'Ask its owners' : 'Offer it'}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        name="to"
        label="E-mail of the other account’s owner"
        type="email"
        required
        autoFocus
        autoComplete="off"
        hint="If an account here belongs to this address, its owners get a mail. You are not told whether one does."
      />
      <TextArea name="note" label="A word to them" rows={2} maxLength={500} />
      <SelectField
        name="days"
        label="The offer is good for"
        defaultValue="7"
        options={[1, 3, 7, longestOfferDays].map((days) => ({
          value: String(days),
          label: days === 1 ? '1 day' : `${days} days`,
        }))}
      />
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[
            'the container, its files, snapshots, files kept for undo, port forwards and backup schedule become theirs.',
            'your consoles, tokens and roles for it end within two seconds. Who is logged in by ssh stays so until it restarts.',
            'its labels, leave for staff to look inside, and what billing sold it as end. Open tickets stay with you.',
          ]}
          keeps={[
            'its backups stay in your account, as those of a deleted container. They begin anew with a full one of their own.',
            'it goes on running, under the same address.',
          ]}
          undo="withdraw the offer until it is accepted. Afterwards only they can hand it back."
        />
      </div>
    </FormDialog>
  );
}
