'use client';
import { Hammer } from 'lucide-react';
import { useState } from 'react';
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
        <Hammer aria-hidden /> Build template
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
      title="Build a template"
      sub="From its definition file. Containers already made keep the version they have."
      cancel="Not now"
      submit="Build"
      reason={hosts.items?.length === 0 ? 'There is no host yet. Let one join first.' : null}
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
        label="Definition"
        required
        maxLength={41}
        autoFocus
        autoCapitalize="none"
        spellCheck={false}
        placeholder="debian-12"
        hint="Such as tiny or debian-12."
      />
      <SelectField
        name="hostId"
        label="On host"
        options={hosts.items?.map((host) => ({ value: host.id, label: host.name })) ?? []}
      />
    </FormDialog>
  );
}
