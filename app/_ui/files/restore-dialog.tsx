'use client';
import { useEffect, useState } from 'react';
import type { Backup } from '#lib/contract/backups.ts';
import type { Problem } from '#lib/contract/errors.ts';
import type { RestoreMode } from '#lib/contract/files.ts';
import { call, problemOf } from '../api.ts';
import { Button } from '../button.tsx';
import { Dialog, DialogFoot } from '../dialog.tsx';
import { Choice, Form, FormProblem, SelectField, TextField } from '../form.tsx';
import { relative } from '../format.ts';
import { useCall } from '../use-call.ts';
import { encode, shown, typed } from './paths.ts';

const modes: { value: RestoreMode; label: string; hint: string }[] = [
  {
    value: 'overwrite',
    label: 'As in the backup',
    hint: 'What differs now goes into the trash first; what is new stays.',
  },
  { value: 'keep-both', label: 'Keep both', hint: 'The backup’s version gets a name with its date.' },
  { value: 'missing', label: 'Only what is missing', hint: 'Nothing that is there is touched.' },
];

/** Files or a folder of a backup back into the container, which runs on. What was deleted is named by its path. */
export function RestoreFilesDialog({
  containerId,
  path,
  onClose,
}: {
  containerId: string;
  path: string;
  onClose: () => void;
}) {
  const [backups, setBackups] = useState<Backup[] | null>(null);
  const [unread, setUnread] = useState<Problem | null>(null);
  const [from, setFrom] = useState(shown(path));
  const { run, pending, problem } = useCall('backups.restore', { quiet: true });
  useEffect(() => {
    call('backups.list', { params: { id: containerId } }).then(
      ({ items }) => setBackups(items.filter((backup) => backup.state === 'complete')),
      (error: unknown) => setUnread(problemOf(error)),
    );
  }, [containerId]);
  const fault = !from.startsWith('/') || from === '/' ? 'Type the path of a file or folder.' : null;
  const none =
    backups?.length === 0 ? 'There is no complete backup.' : backups === null ? 'Looking for backups.' : null;
  const bytes = from === shown(path) ? path : typed(from);

  return (
    <Dialog open onClose={onClose} title="Restore from a backup" sub="The container keeps running.">
      <Form
        problem={problem}
        onSubmit={(data) => {
          if (fault !== null || none !== null) return;
          const body = { paths: [encode(bytes)], mode: String(data.get('mode')) as RestoreMode };
          void run({ params: { id: String(data.get('backup')) }, body }).then((answer) => answer.ok && onClose());
        }}
      >
        <TextField
          name="paths"
          label="File or folder"
          hint="Also one that is no longer there."
          spellCheck={false}
          value={from}
          onChange={(event) => setFrom(event.target.value)}
        />
        <SelectField
          name="backup"
          label="Backup"
          options={(backups ?? []).map(({ id, createdAt, note }) => ({
            value: id,
            label: `${relative(Date.parse(createdAt), Date.now())}, ${createdAt.slice(0, 16).replace('T', ' ')} UTC${note === '' ? '' : `: ${note}`}`,
          }))}
        />
        <fieldset className="grid gap-2">
          <legend className="mb-1.5 text-[13px] font-[550]">What is there already</legend>
          {modes.map((mode, i) => (
            <Choice
              key={mode.value}
              type="radio"
              name="mode"
              value={mode.value}
              label={mode.label}
              hint={mode.hint}
              defaultChecked={i === 0}
            />
          ))}
        </fieldset>
        <FormProblem problem={problem ?? unread} />
        <DialogFoot>
          <Button onClick={onClose}>Change nothing</Button>
          <Button variant="primary" type="submit" pending={pending} reason={none ?? fault}>
            Restore
          </Button>
        </DialogFoot>
      </Form>
    </Dialog>
  );
}
