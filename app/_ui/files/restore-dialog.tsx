'use client';
import { useState } from 'react';
import type { Backup } from '#lib/contract/backups.ts';
import type { RestoreMode } from '#lib/contract/files.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { rich, t } from '#lib/language/text.ts';
import { useBackupLabel } from '../backup-name.tsx';
import { Choice, SelectField, TextField } from '../form.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { relative } from '../format.ts';
import { At } from '../time.tsx';
import { useAnswer } from '../use-answer.ts';
import { useCall } from '../use-call.ts';
import { encode, shown, typed } from './paths.ts';
import { FilesPreview } from './restore-preview.tsx';

const modes = [
  {
    value: 'overwrite',
    label: 'As in the backup',
    hint: 'What differs now goes into the trash first; what is new stays.',
  },
  { value: 'keep-both', label: 'Keep both', hint: 'The backup’s version gets a name with its date.' },
  { value: 'missing', label: 'Only what is missing', hint: 'Nothing that is there is touched.' },
] as const satisfies { value: RestoreMode; label: string; hint: string }[];

function useBackups(containerId: string, known: Backup | null) {
  const { found, problem } = useAnswer('backups.list', known === null ? { params: { id: containerId } } : null);
  const complete = found?.items.filter((backup) => backup.state === 'complete') ?? null;
  return { backups: known === null ? complete : [known], unread: problem };
}

/**
 * Files or folders of a backup back into the container, which runs on. Without `backup` it is chosen here, and what was deleted is
 * named by its path.
 */
export function RestoreFilesDialog({
  containerId,
  paths,
  backup = null,
  onClose,
  onAsked,
}: {
  containerId: string;
  paths: readonly string[];
  backup?: Backup | null;
  onClose: () => void;
  onAsked?: (operation: Operation) => void;
}) {
  const only = paths.length === 1 ? (paths[0] ?? '/') : null;
  const { backups, unread } = useBackups(containerId, backup);
  const labelOf = useBackupLabel();
  const [from, setFrom] = useState(only === null ? '' : shown(only));
  const [chosen, setChosen] = useState<string | null>(backup?.id ?? null);
  const [mode, setMode] = useState<RestoreMode>('overwrite');
  const [elsewhere, setElsewhere] = useState('');
  const { run, pending, problem } = useCall('backups.restore', { quiet: true });
  const wanted = only === null || from === shown(only) ? paths : [typed(from)];
  const fault = wanted.some((path) => !path.startsWith('/') || path === '/')
    ? t('Type the path of a file or folder.')
    : elsewhere !== '' && !elsewhere.startsWith('/')
      ? t('Type the whole path of the other folder.')
      : null;
  const none =
    backups?.length === 0 ? t('There is no complete backup.') : backups === null ? t('Looking for backups.') : null;
  const backupId = chosen ?? backups?.[0]?.id ?? null;
  const target = elsewhere === '' ? undefined : encode(typed(elsewhere));
  const body = { paths: wanted.map(encode), ...(target === undefined ? {} : { target }) };

  return (
    <FormDialog
      title={
        backup === null
          ? t('Restore from a backup')
          : only === null
            ? t('Restore {n, plural, one {# thing} other {# things}}', { n: paths.length })
            : t('Restore {name}', { name: shown(only) })
      }
      sub={
        <>
          {backup !== null && <>{rich('From the backup of {at}.', { at: <At key="at" at={backup.createdAt} /> })} </>}
          {t('The container keeps running.')}
        </>
      }
      cancel={t('Change nothing')}
      submit={t('Restore')}
      reason={none ?? fault}
      pending={pending}
      problem={problem ?? unread}
      onSubmit={() => {
        if (fault !== null || none !== null || backupId === null) return;
        void run({ params: { id: backupId }, body: { ...body, mode } }).then((answer) => {
          if (!answer.ok) return;
          onClose();
          onAsked?.(answer.value);
        });
      }}
      onClose={onClose}
    >
      {backup === null && (
        <>
          <TextField
            name="paths"
            label={t('File or folder')}
            hint={t('Also one that is no longer there.')}
            spellCheck={false}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          />
          <SelectField
            name="backup"
            label={t('Backup')}
            value={backupId ?? ''}
            onChange={(event) => setChosen(event.target.value)}
            options={(backups ?? []).map((one) => ({
              value: one.id,
              label: `${relative(Date.parse(one.createdAt), Date.now())}, ${labelOf(one)}${one.note === '' ? '' : `: ${one.note}`}`,
            }))}
          />
        </>
      )}
      <fieldset className="grid gap-2">
        <legend className="mb-1.5 text-[13px] font-[550]">{t('What is there already')}</legend>
        {modes.map((one) => (
          <Choice
            key={one.value}
            type="radio"
            name="mode"
            value={one.value}
            label={t(one.label)}
            hint={t(one.hint)}
            checked={one.value === mode}
            onChange={() => setMode(one.value)}
          />
        ))}
      </fieldset>
      <TextField
        name="target"
        label={t('Into another folder (optional)')}
        placeholder="/root/restored"
        hint={t('Else each goes to where it was.')}
        spellCheck={false}
        value={elsewhere}
        onChange={(event) => setElsewhere(event.target.value)}
      />
      {fault === null && backupId !== null && <FilesPreview backupId={backupId} body={body} mode={mode} />}
    </FormDialog>
  );
}
