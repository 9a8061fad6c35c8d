'use client';
import { useState } from 'react';
import type { FileEdit, FileEntry } from '#lib/contract/files.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { Dialog, DialogFoot } from '../dialog.tsx';
import { Choice, FormProblem, TextField } from '../form.tsx';
import { FormDialog } from '../form-dialog.tsx';
import { useCall } from '../use-call.ts';
import { decode, encode, join, modeWords, nameFault, shown, typed } from './paths.ts';

type Common = { containerId: string; onClose: () => void; onDone: () => void };

function useChange({ containerId, onClose, onDone }: Common) {
  const { run, pending, problem } = useCall('files.change', { quiet: true });
  const change = async (body: FileEdit) => {
    const answer = await run({ params: { id: containerId }, body });
    if (!answer.ok) return;
    onClose();
    onDone();
  };
  return { change, pending, problem };
}

/** A name for something new in `folder`. */
export function NewFolderDialog({ folder, ...common }: Common & { folder: string }) {
  const { change, pending, problem } = useChange(common);
  const [name, setName] = useState('');
  return (
    <FormDialog
      title={t('New folder')}
      sub={t('In {folder}', { folder: shown(folder) })}
      cancel={t('Not now')}
      submit={t('Create folder')}
      reason={nameFault(name)}
      pending={pending}
      problem={problem}
      onSubmit={() => {
        if (nameFault(name) === null) void change({ action: 'create-folder', path: encode(join(folder, typed(name))) });
      }}
      onClose={common.onClose}
    >
      <TextField
        name="path"
        label={t('Name')}
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  );
}

const where = {
  move: {
    title: 'Move or rename',
    does: 'Move',
    hint: 'The whole path. Nothing is replaced: a path that is taken is refused.',
  },
  copy: {
    title: 'Copy',
    does: 'Copy',
    hint: 'The whole path of the copy. Nothing is replaced: a path that is taken is refused.',
  },
} as const;

/** A new place for one thing; renaming is moving within a folder. */
export function PlaceDialog({ path, action, ...common }: Common & { path: string; action: 'move' | 'copy' }) {
  const { change, pending, problem } = useChange(common);
  const [to, setTo] = useState(shown(path));
  const bytes = to === shown(path) ? path : typed(to);
  const fault = bytes === path ? t('Type another path.') : to.startsWith('/') ? null : t('A path begins with a slash.');
  const { title, does, hint } = where[action];
  return (
    <FormDialog
      title={t(title)}
      sub={shown(path)}
      cancel={t('Change nothing')}
      submit={t(does)}
      reason={fault}
      pending={pending}
      problem={problem}
      onSubmit={() => {
        if (fault === null) void change({ action, path: encode(path), to: encode(bytes) });
      }}
      onClose={common.onClose}
    >
      <TextField
        name="to"
        label={t(action === 'move' ? 'New path' : 'Path of the copy')}
        hint={t(hint)}
        autoFocus
        spellCheck={false}
        value={to}
        onFocus={(event) => event.target.setSelectionRange(to.lastIndexOf('/') + 1, to.length)}
        onChange={(event) => setTo(event.target.value)}
      />
    </FormDialog>
  );
}

const ownerOf = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);

export function AttributesDialog({ folder, entry, ...common }: Common & { folder: string; entry: FileEntry }) {
  const { change, pending, problem } = useChange(common);
  const name = decode(entry.name);
  const [mode, setMode] = useState(entry.mode.toString(8).padStart(3, '0'));
  const fault = /^[0-7]{3,4}$/.test(mode) ? null : t('Permissions are three or four digits from 0 to 7.');
  const before = { user: entry.user ?? String(entry.uid), group: entry.group ?? String(entry.gid) };
  return (
    <FormDialog
      title={t('Permissions and owner')}
      sub={shown(join(folder, name))}
      cancel={t('Change nothing')}
      submit={t('Change')}
      reason={fault}
      pending={pending}
      problem={problem}
      onSubmit={(data) => {
        if (fault !== null) return;
        const [user, group] = [String(data.get('user')).trim(), String(data.get('group')).trim()];
        const bits = Number.parseInt(mode, 8);
        void change({
          action: 'attributes',
          paths: [encode(join(folder, name))],
          ...(bits === entry.mode && data.get('recursive') === null ? {} : { mode: bits }),
          ...(user === before.user ? {} : { user: ownerOf(user) }),
          ...(group === before.group ? {} : { group: ownerOf(group) }),
          recursive: data.get('recursive') !== null,
        });
      }}
      onClose={common.onClose}
    >
      <TextField
        name="mode"
        label={t('Permissions')}
        inputMode="numeric"
        value={mode}
        maxLength={4}
        onChange={(event) => setMode(event.target.value)}
        hint={fault ?? <span className="font-mono">{modeWords(Number.parseInt(mode, 8))}</span>}
      />
      <div className="grid gap-4 sm:grid-cols-2">
        <TextField
          name="user"
          label={t('User')}
          defaultValue={before.user}
          hint={t('A name of this container, or a number.')}
        />
        <TextField name="group" label={t('Group')} defaultValue={before.group} />
      </div>
      {entry.kind === 'folder' && (
        <Choice
          type="checkbox"
          name="recursive"
          label={t('Everything in it too')}
          hint={t('Execution is given only to folders, and to files that have it already.')}
        />
      )}
    </FormDialog>
  );
}

export function DeleteDialog({ paths, ...common }: Common & { paths: readonly string[] }) {
  const { change, pending, problem } = useChange(common);
  return (
    <Dialog
      open
      onClose={common.onClose}
      title={
        paths.length === 1
          ? t('Delete {name}?', { name: shown(paths[0] ?? '') })
          : t('Delete {n, plural, one {# thing} other {# things}}?', { n: paths.length })
      }
    >
      <p>
        {t(
          'It goes into the trash, from where it can be put back. Until the trash is emptied it takes up space as before.',
        )}
      </p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={common.onClose}>{t('Keep it')}</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() => void change({ action: 'delete', paths: paths.map(encode), permanently: false })}
        >
          {t('Move to trash')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
