'use client';
import type { Container } from '#lib/contract/containers.ts';
import { longestOfferDays } from '#lib/contract/handovers.ts';
import { t } from '#lib/language/text.ts';
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
          ? t('The owners are asked. Without their word nothing happens.')
          : t('Offered. Nothing changes before they accept.'),
      );
      onClose();
    });
  };
  return (
    <FormDialog
      title={t('Hand {name} over', { name: container.name })}
      sub={t('To another account, for good. Nothing changes until its owner accepts.')}
      danger
      cancel={t('Keep it')}
      submit={onBehalf ? t('Ask its owners') : t('Offer it')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <TextField
        name="to"
        label={t('E-mail of the other account’s owner')}
        type="email"
        required
        autoFocus
        autoComplete="off"
        hint={t(
          'If an account here belongs to this address, its owners get a mail. You are not told whether one does.',
        )}
      />
      <TextArea name="note" label={t('A word to them')} rows={2} maxLength={500} />
      <SelectField
        name="days"
        label={t('The offer is good for')}
        defaultValue="7"
        options={[1, 3, 7, longestOfferDays].map((days) => ({
          value: String(days),
          label: t('{days, plural, one {# day} other {# days}}', { days }),
        }))}
      />
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[
            t(
              'the container, its files, snapshots, files kept for undo, port forwards and backup schedule become theirs.',
            ),
            t(
              'your consoles, tokens and roles for it end within two seconds. Who is logged in by ssh stays so until it restarts.',
            ),
            t(
              'its labels, leave for staff to look inside, and what billing sold it as end. Open tickets stay with you.',
            ),
          ]}
          keeps={[
            t(
              'its backups stay in your account, as those of a deleted container. They begin anew with a full one of their own.',
            ),
            t('it goes on running, under the same address.'),
          ]}
          undo={t('withdraw the offer until it is accepted. Afterwards only they can hand it back.')}
        />
      </div>
    </FormDialog>
  );
}
