'use client';
import { useState } from 'react';
import type { Template } from '#lib/contract/templates.ts';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { FormDialog } from './form-dialog.tsx';
import { notifyDone } from './notify.tsx';
import { Outcome } from './outcome.tsx';
import { useCall } from './use-call.ts';

type Shown = Pick<Template, 'id' | 'title' | 'version' | 'offered'>;

/** Withdraws a template, after saying what stays; or offers it again, which takes nothing from anybody. */
export function OfferTemplate({ template }: { template: Shown }) {
  const [open, setOpen] = useState(false);
  const { run, pending } = useCall('templates.offer');
  const name = `${template.title} ${template.version}`;
  if (template.offered) {
    return (
      <>
        <Button size="small" aria-label={t('Withdraw {name}', { name })} onClick={() => setOpen(true)}>
          {t('Withdraw…')}
        </Button>
        {open && <WithdrawDialog id={template.id} name={name} onClose={() => setOpen(false)} />}
      </>
    );
  }
  return (
    <Button
      size="small"
      pending={pending}
      aria-label={t('Offer {name} again', { name })}
      onClick={() =>
        void run({ params: { id: template.id }, body: { offered: true } }).then(
          (answer) => answer.ok && notifyDone(t('{name} is offered again.', { name })),
        )
      }
    >
      {t('Offer again')}
    </Button>
  );
}

function WithdrawDialog({ id, name, onClose }: { id: string; name: string; onClose: () => void }) {
  const { run, pending, problem } = useCall('templates.offer', { quiet: true });
  const submit = () =>
    void run({ params: { id }, body: { offered: false } }).then((answer) => {
      if (!answer.ok) return;
      onClose();
      notifyDone(t('{name} is withdrawn.', { name }));
    });
  return (
    <FormDialog
      title={t('Withdraw {name}?', { name })}
      cancel={t('Keep offering it')}
      submit={t('Withdraw')}
      pending={pending}
      problem={problem}
      onSubmit={submit}
      onClose={onClose}
    >
      <div className="rounded-control bg-sunk p-3.5">
        <Outcome
          loses={[t('no new container is made from it, and none moves to it by a reinstall.')]}
          keeps={[
            t('containers on it, which can be restored, cloned and reinstalled as before.'),
            t('its files on the hosts, for as long as a container, a snapshot or a backup needs them.'),
          ]}
          undo={t(
            'offer it again. A day or more later, when nothing needs its files, they go from the hosts; then build it again first.',
          )}
        />
      </div>
    </FormDialog>
  );
}
