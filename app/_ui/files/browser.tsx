'use client';
import { FilePlus, FolderPlus, Trash2, Upload } from 'lucide-react';
import { useRef, useState } from 'react';
import type { FileEntry } from '#lib/contract/files.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { t } from '#lib/language/text.ts';
import { Button, LinkButton } from '../button.tsx';
import { type MenuItem, RowMenuProvider } from '../row-menu.tsx';
import { WhenOver } from '../when-over.tsx';
import { AttributesDialog, DeleteDialog, NewFolderDialog, PlaceDialog } from './dialogs.tsx';
import { Editor } from './editor.tsx';
import { Chosen, FolderBar, Pages } from './folder-bar.tsx';
import { FolderCard, ticking } from './folder-card.tsx';
import { NewFileDialog } from './new-file-dialog.tsx';
import { decode, join } from './paths.ts';
import { RestoreFilesDialog } from './restore-dialog.tsx';
import { TrashDialog } from './trash-dialog.tsx';
import { Uploads, useUploads } from './uploads.tsx';
import { contentUrlOf, isFolder, useFolder, useView } from './use-folder.ts';
import { Viewer } from './viewer.tsx';

type Asked =
  | { what: 'folder' | 'file' | 'trash' }
  | { what: 'restore'; path: string }
  | { what: 'delete'; paths: readonly string[] }
  | { what: 'move' | 'copy' | 'attributes' | 'view'; entry: FileEntry };

/** The files of a container. Where one is stands in the address, so that back and forward lead through folders. */
export function FileBrowser({
  containerId,
  path,
  mayChange,
  mayRestore,
}: {
  containerId: string;
  path: string;
  mayChange: boolean;
  mayRestore: boolean;
}) {
  const [asked, setAsked] = useState<Asked | null>(null);
  const [restoring, setRestoring] = useState<Operation | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const { view, setView, go, sortBy } = useView(path, () => setTicked(new Set()));
  const source = { containerId, backupId: null };
  const { list, problem, loading, reload } = useFolder(source, view);
  const uploads = useUploads(containerId, reload);
  const picker = useRef<HTMLInputElement>(null);
  const contentUrl = (at: string) => contentUrlOf(source, at);
  const pathOf = (entry: FileEntry) => join(view.path, decode(entry.name));
  const open = (entry: FileEntry) => (isFolder(entry) ? go(pathOf(entry)) : setAsked({ what: 'view', entry }));
  const menu = (entry: FileEntry): MenuItem[] => [
    { label: t('{what, select, other {Open}}', { what: 'file' }), onSelect: () => open(entry) },
    {
      label: t(isFolder(entry) ? 'Download as archive' : 'Download'),
      onSelect: () => window.location.assign(contentUrl(pathOf(entry))),
    },
    ...(mayChange
      ? ([
          'line',
          { label: t('Move or rename…'), onSelect: () => setAsked({ what: 'move', entry }) },
          { label: t('Copy…'), onSelect: () => setAsked({ what: 'copy', entry }) },
          { label: t('Permissions and owner…'), onSelect: () => setAsked({ what: 'attributes', entry }) },
          ...(mayRestore
            ? [
                {
                  label: t('Restore from a backup…'),
                  onSelect: () => setAsked({ what: 'restore', path: pathOf(entry) }),
                },
              ]
            : []),
          'line',
          { label: t('Delete…'), danger: true, onSelect: () => setAsked({ what: 'delete', paths: [pathOf(entry)] }) },
        ] satisfies MenuItem[])
      : []),
  ];
  const onDone = () => {
    setTicked(new Set());
    reload();
  };
  const common = { containerId, onClose: () => setAsked(null), onDone };

  return (
    <RowMenuProvider>
      <FolderBar {...{ view, setView, go, loading, reload }}>
        <LinkButton href={`/containers/${containerId}/files/changes`}>{t('What did I change?')}</LinkButton>
        {mayChange && (
          <>
            <Button onClick={() => setAsked({ what: 'file' })}>
              <FilePlus aria-hidden /> {t('New file')}
            </Button>
            <Button onClick={() => setAsked({ what: 'folder' })}>
              <FolderPlus aria-hidden /> {t('New folder')}
            </Button>
            <Button variant="primary" onClick={() => picker.current?.click()}>
              <Upload aria-hidden /> {t('Upload')}
            </Button>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              aria-label={t('Files to upload')}
              onChange={(event) => {
                uploads.add(view.path, event.target.files ?? []);
                event.target.value = '';
              }}
            />
            <Button size="icon" aria-label={t('Trash')} onClick={() => setAsked({ what: 'trash' })}>
              <Trash2 aria-hidden />
            </Button>
          </>
        )}
      </FolderBar>
      <Uploads {...uploads} />
      {ticked.size > 0 && (
        <Chosen many={ticked.size} onNone={() => setTicked(new Set())}>
          <Button
            size="small"
            variant="danger"
            onClick={() =>
              setAsked({ what: 'delete', paths: [...ticked].map((name) => join(view.path, decode(name))) })
            }
          >
            {t('Delete…')}
          </Button>
        </Chosen>
      )}
      <FolderCard
        {...{ list, problem, loading, view, menu }}
        hint={t('Files that you upload here appear in this list.')}
        onTop={() => go('/')}
        onSort={sortBy}
        onOpen={open}
        {...(mayChange
          ? { ticked, onTick: (names: readonly string[], on: boolean) => setTicked(ticking(ticked, names, on)) }
          : {})}
      />
      {list !== null && <Pages view={view} list={list} onPage={(page) => setView({ ...view, page })} />}
      {restoring !== null && <WhenOver key={restoring.id} operation={restoring} then={reload} />}
      {asked?.what === 'folder' && <NewFolderDialog {...common} folder={view.path} />}
      {asked?.what === 'file' && (
        <NewFileDialog
          folder={view.path}
          contentUrl={contentUrl}
          onClose={common.onClose}
          onMade={(entry) => {
            reload();
            setAsked({ what: 'view', entry });
          }}
        />
      )}
      {asked?.what === 'restore' && (
        <RestoreFilesDialog
          containerId={containerId}
          paths={[asked.path]}
          onClose={common.onClose}
          onAsked={setRestoring}
        />
      )}
      {asked?.what === 'trash' && <TrashDialog {...common} />}
      {asked?.what === 'delete' && <DeleteDialog {...common} paths={asked.paths} />}
      {(asked?.what === 'move' || asked?.what === 'copy') && (
        <PlaceDialog {...common} path={pathOf(asked.entry)} action={asked.what} />
      )}
      {asked?.what === 'attributes' && <AttributesDialog {...common} folder={view.path} entry={asked.entry} />}
      {asked?.what === 'view' && (
        <Viewer
          {...common}
          url={contentUrl(pathOf(asked.entry))}
          path={pathOf(asked.entry)}
          entry={asked.entry}
          {...(mayChange && asked.entry.kind === 'file'
            ? {
                editor: (text: string, onChanged: (changed: boolean) => void) => (
                  <Editor
                    url={contentUrl(pathOf(asked.entry))}
                    path={pathOf(asked.entry)}
                    entry={asked.entry}
                    text={text}
                    onClose={common.onClose}
                    onChanged={onChanged}
                    onSaved={reload}
                  />
                ),
              }
            : {})}
        />
      )}
    </RowMenuProvider>
  );
}
