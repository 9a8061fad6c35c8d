'use client';
import { Hammer } from 'lucide-react';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { SelectField, TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { useCall } from './use-call.ts';
import { useChoices } from './use-choices.ts';

export function BuildTemplate() {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        <Hammer aria-hidden /> {t('Build template')}
      </Button>
      {open && <BuildDialog onClose={() => setOpen(false)} />}
    </>
  );
}

function BuildDialog({ onClose }: { onClose: () => void }) {
  const { run, pending, problem } = useCall('templates.build', { quiet: true });
  const hosts = useChoices('hosts');
  return (
    <FormDialog
      title={t('Build a template')}
      sub={t('From its definition file. Containers already made keep the version they have.')}
      cancel={t('Not now')}
      submit={t('Build')}
      reason={hosts.items?.length === 0 ? t('There is no host yet. Let one join first.') : null}
      pending={pending}
      problem={problem ?? hosts.problem}
      onSubmit={(data) =>
        void run({ body: { name: String(data.get('name')).trim(), hostId: String(data.get('hostId')) } }).then(
          (answer) => answer.ok && onClose(),
        )
      }
      onClose={onClose}
    >
      <TextField
        name="name"
        label={t('Definition')}
        required
        maxLength={41}
        autoFocus
        autoCapitalize="none"
        spellCheck={false}
        placeholder="debian-12"
        hint={t('Such as tiny or debian-12.')}
      />
      <SelectField
        name="hostId"
        label={t('On host')}
        options={hosts.items?.map((host) => ({ value: host.id, label: host.name })) ?? []}
      />
    </FormDialog>
  );
}
