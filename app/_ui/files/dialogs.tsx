'use client';
import { useState } from 'react';
import type { FileChange, FileEntry } from '#lib/contract/files.ts';
import { Button } from '../button.tsx';
import { Dialog, DialogFoot } from '../dialog.tsx';
import { Choice, Form, FormProblem, TextField } from '../form.tsx';
import { count } from '../format.ts';
import { useCall } from '../use-call.ts';
import { decode, encode, join, modeWords, nameFault, parentOf, shown, typed } from './paths.ts';

type Common = { containerId: string; onClose: () => void; onDone: () => void };

function useChange({ containerId, onClose, onDone }: Common) {
  const { run, pending, problem } = useCall('files.change', { quiet: true });
  const change = async (body: FileChange) => {
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
    <Dialog open onClose={common.onClose} title="New folder" sub={`In ${shown(folder)}`}>
      <Form
        problem={problem}
        onSubmit={() => {
          if (nameFault(name) === null)
            void change({ action: 'create-folder', path: encode(join(folder, typed(name))) });
        }}
      >
        <TextField name="path" label="Name" autoFocus value={name} onChange={(event) => setName(event.target.value)} />
        <FormProblem problem={problem} />
        <DialogFoot>
          <Button onClick={common.onClose}>Not now</Button>
          <Button variant="primary" type="submit" pending={pending} reason={nameFault(name)}>
            Create folder
          </Button>
        </DialogFoot>
      </Form>
    </Dialog>
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
  const fault = bytes === path ? 'Type another path.' : to.startsWith('/') ? null : 'A path begins with a slash.';
  const { title, does, hint } = where[action];
  return (
    <Dialog open onClose={common.onClose} title={title} sub={shown(path)}>
      <Form
        problem={problem}
        onSubmit={() => {
          if (fault === null) void change({ action, path: encode(path), to: encode(bytes) });
        }}
      >
        <TextField
          name="to"
          label={action === 'move' ? 'New path' : 'Path of the copy'}
          hint={hint}
          autoFocus
          spellCheck={false}
          value={to}
          onFocus={(event) => event.target.setSelectionRange(shown(parentOf(path)).length + 1, to.length)}
          onChange={(event) => setTo(event.target.value)}
        />
        <FormProblem problem={problem} />
        <DialogFoot>
          <Button onClick={common.onClose}>Change nothing</Button>
          <Button variant="primary" type="submit" pending={pending} reason={fault}>
            {does}
          </Button>
        </DialogFoot>
      </Form>
    </Dialog>
  );
}

const ownerOf = (text: string) => (/^\d+$/.test(text) ? Number(text) : text);

export function AttributesDialog({ folder, entry, ...common }: Common & { folder: string; entry: FileEntry }) {
  const { change, pending, problem } = useChange(common);
  const name = decode(entry.name);
  const [mode, setMode] = useState(entry.mode.toString(8).padStart(3, '0'));
  const fault = /^[0-7]{3,4}$/.test(mode) ? null : 'Permissions are three or four digits from 0 to 7.';
  const before = { user: entry.user ?? String(entry.uid), group: entry.group ?? String(entry.gid) };
  return (
    <Dialog open onClose={common.onClose} title="Permissions and owner" sub={shown(join(folder, name))}>
      <Form
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
      >
        <TextField
          name="mode"
          label="Permissions"
          inputMode="numeric"
          value={mode}
          maxLength={4}
          onChange={(event) => setMode(event.target.value)}
          hint={fault ?? <span className="font-mono">{modeWords(Number.parseInt(mode, 8))}</span>}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField
            name="user"
            label="User"
            defaultValue={before.user}
            hint="A name of this container, or a number."
          />
          <TextField name="group" label="Group" defaultValue={before.group} />
        </div>
        {entry.kind === 'folder' && (
          <Choice
            type="checkbox"
            name="recursive"
            label="Everything in it too"
            hint="Execution is given only to folders, and to files that have it already."
          />
        )}
        <FormProblem problem={problem} />
        <DialogFoot>
          <Button onClick={common.onClose}>Change nothing</Button>
          <Button variant="primary" type="submit" pending={pending} reason={fault}>
            Change
          </Button>
        </DialogFoot>
      </Form>
    </Dialog>
  );
}

export function DeleteDialog({ paths, ...common }: Common & { paths: readonly string[] }) {
  const { change, pending, problem } = useChange(common);
  const one = paths.length === 1 ? shown(paths[0] ?? '') : null;
  return (
    <Dialog open onClose={common.onClose} title={`Delete ${one ?? count(paths.length, 'thing')}?`}>
      <p>
        It goes into the trash, from where it can be put back. Until the trash is emptied it takes up space as before.
      </p>
      <div className="mt-3">
        <FormProblem problem={problem} />
      </div>
      <DialogFoot>
        <Button onClick={common.onClose}>Keep it</Button>
        <Button
          variant="danger"
          pending={pending}
          onClick={() => void change({ action: 'delete', paths: paths.map(encode), permanently: false })}
        >
          Move to trash
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
