'use client';
import { useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import type { FileEntry } from '#lib/contract/files.ts';
import { t } from '#lib/language/text.ts';
import { TextField } from '../form.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { putContent } from './content.ts';
import { join, nameFault, shown, typed } from './paths.ts';

/** An empty file in `folder` under a name that nothing has yet; what is made is for `onMade` to open. */
export function NewFileDialog({
  folder,
  contentUrl,
  onClose,
  onMade,
}: {
  folder: string;
  contentUrl: (path: string) => string;
  onClose: () => void;
  onMade: (entry: FileEntry) => void;
}) {
  const [name, setName] = useState('');
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const fault = nameFault(name);

  const make = async () => {
    setPending(true);
    setProblem(null);
    const url = `${contentUrl(join(folder, typed(name)))}&replace=no`;
    const found = await putContent(url, new Blob([]), { title: t('It could not be saved') });
    setPending(false);
    if ('code' in found) return setProblem(found);
    if (found.entry !== null) onMade(found.entry);
  };
  return (
    <FormDialog
      title={t('New file')}
      sub={t('In {folder}', { folder: shown(folder) })}
      cancel={t('Not now')}
      submit={t('Create file')}
      reason={fault}
      pending={pending}
      problem={problem}
      onSubmit={() => {
        if (fault === null) void make();
      }}
      onClose={onClose}
    >
      <TextField
        name="path"
        label={t('Name')}
        hint={t('An empty text file, which opens to be written.')}
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}
