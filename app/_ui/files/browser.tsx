'use client';
import { CircleAlert, FolderOpen, FolderPlus, RotateCw, Trash2, Upload } from 'lucide-react';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { FileEntry } from '#lib/contract/files.ts';
import { address } from '../api.ts';
import { Button, LinkButton } from '../button.tsx';
import { count } from '../format.ts';
import { Empty } from '../page.tsx';
import { type MenuItem, RowMenuProvider } from '../row-menu.tsx';
import { AttributesDialog, DeleteDialog, NewFolderDialog, PlaceDialog } from './dialogs.tsx';
import { Editor } from './editor.tsx';
import { EntryTable } from './entry-table.tsx';
import { Pages, Trail } from './folder-bar.tsx';
import { decode, encode, join, shown } from './paths.ts';
import { RestoreFilesDialog } from './restore-dialog.tsx';
import { TrashDialog } from './trash-dialog.tsx';
import { Uploads, useUploads } from './uploads.tsx';
import { type Sort, useFolder, type View } from './use-folder.ts';
import { Viewer } from './viewer.tsx';

type Asked =
  | { what: 'folder' | 'trash' }
  | { what: 'restore'; path: string }
  | { what: 'delete'; paths: readonly string[] }
  | { what: 'move' | 'copy' | 'attributes' | 'view'; entry: FileEntry };

const first = { sort: 'name', descending: false, match: '', page: 0 } as const;

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
  const [view, setView] = useState<View>({ path, ...first });
  const [asked, setAsked] = useState<Asked | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const { list, problem, loading, reload } = useFolder(containerId, view);
  const uploads = useUploads(containerId, reload);
  const picker = useRef<HTMLInputElement>(null);

  const go = useCallback((next: string) => {
    window.history.pushState(null, '', `?path=${encodeURIComponent(encode(next))}`);
    setView({ path: next, ...first });
    setTicked(new Set());
  }, []);
  useEffect(() => {
    const back = () => {
      const wanted = new URLSearchParams(window.location.search).get('path');
      setView({ path: wanted === null ? '/' : decode(wanted), ...first });
    };
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, []);

  const contentUrl = (at: string) =>
    `/api/v1${address('/containers/{id}/files/content', { id: containerId }, { path: encode(at) })}`;
  const pathOf = (entry: FileEntry) => join(view.path, decode(entry.name));
  const open = (entry: FileEntry) => {
    if ((entry.leadsTo ?? entry.kind) === 'folder') go(pathOf(entry));
    else setAsked({ what: 'view', entry });
  };
  const menu = (entry: FileEntry): MenuItem[] => [
    { label: 'Open', onSelect: () => open(entry) },
    {
      label: (entry.leadsTo ?? entry.kind) === 'folder' ? 'Download as archive' : 'Download',
      onSelect: () => window.location.assign(contentUrl(pathOf(entry))),
    },
    ...(mayChange
      ? ([
          'line',
          { label: 'Move or rename…', onSelect: () => setAsked({ what: 'move', entry }) },
          { label: 'Copy…', onSelect: () => setAsked({ what: 'copy', entry }) },
          { label: 'Permissions and owner…', onSelect: () => setAsked({ what: 'attributes', entry }) },
          ...(mayRestore
            ? [
                {
                  label: 'Restore from a backup…',
                  onSelect: () => setAsked({ what: 'restore', path: pathOf(entry) }),
                },
              ]
            : []),
          'line',
          { label: 'Delete…', danger: true, onSelect: () => setAsked({ what: 'delete', paths: [pathOf(entry)] }) },
        ] satisfies MenuItem[])
      : []),
  ];
  const sortBy = (sort: Sort) =>
    setView({ ...view, sort, descending: view.sort === sort && !view.descending, page: 0 });
  const onDone = () => {
    setTicked(new Set());
    reload();
  };
  const common = { containerId, onClose: () => setAsked(null), onDone };

  return (
    <RowMenuProvider>
      <div className="mb-3 flex flex-wrap items-center gap-2">
        <Trail path={view.path} onGo={go} />
        <Button size="icon" variant="quiet" aria-label="Look again" pending={loading} onClick={reload}>
          <RotateCw aria-hidden />
        </Button>
        <input
          type="search"
          className="field min-h-9 w-48 max-sm:w-full"
          aria-label="Names that contain"
          placeholder="Names that contain…"
          value={view.match}
          maxLength={100}
          onChange={(event) => setView({ ...view, match: event.target.value, page: 0 })}
        />
        <LinkButton href={`/containers/${containerId}/files/changes`}>What did I change?</LinkButton>
        {mayChange && (
          <>
            <Button onClick={() => setAsked({ what: 'folder' })}>
              <FolderPlus aria-hidden /> New folder
            </Button>
            <Button variant="primary" onClick={() => picker.current?.click()}>
              <Upload aria-hidden /> Upload
            </Button>
            <input
              ref={picker}
              type="file"
              multiple
              hidden
              aria-label="Files to upload"
              onChange={(event) => {
                uploads.add(view.path, event.target.files ?? []);
                event.target.value = '';
              }}
            />
            <Button size="icon" aria-label="Trash" onClick={() => setAsked({ what: 'trash' })}>
              <Trash2 aria-hidden />
            </Button>
          </>
        )}
      </div>
      <Uploads {...uploads} />
      {ticked.size > 0 && (
        <div className="card mb-3 flex flex-wrap items-center gap-2 px-4 py-2" role="status">
          <span className="mr-auto text-[13px]">{count(ticked.size, 'thing')} chosen</span>
          <Button size="small" onClick={() => setTicked(new Set())}>
            Choose none
          </Button>
          <Button
            size="small"
            variant="danger"
            onClick={() =>
              setAsked({ what: 'delete', paths: [...ticked].map((name) => join(view.path, decode(name))) })
            }
          >
            Delete…
          </Button>
        </div>
      )}
      <div className="card" aria-busy={loading}>
        {problem !== null && (
          <Empty
            icon={CircleAlert}
            title={problem.detail ?? problem.title}
            action={<Button onClick={() => go('/')}>To the top folder</Button>}
          >
            {problem.remedy}
          </Empty>
        )}
        {list === null && problem === null && (
          <p role="status" className="px-4 py-14 text-center text-muted">
            Looking into {shown(view.path)}…
          </p>
        )}
        {list !== null && list.items.length === 0 && (
          <Empty icon={FolderOpen} title={view.match === '' ? 'An empty folder' : 'No such name here'}>
            {view.match === '' ? 'Files that you upload here appear in this list.' : 'Other folders are not searched.'}
          </Empty>
        )}
        {list !== null && list.items.length > 0 && (
          <EntryTable
            items={list.items}
            {...{ view, menu }}
            onSort={sortBy}
            onOpen={open}
            {...(mayChange
              ? {
                  ticked,
                  onTick: (names: readonly string[], on: boolean) => {
                    const next = new Set(ticked);
                    for (const name of names)
                      if (on) next.add(name);
                      else next.delete(name);
                    setTicked(next);
                  },
                }
              : {})}
          />
        )}
      </div>
      {list !== null && <Pages view={view} list={list} onPage={(page) => setView({ ...view, page })} />}
      {asked?.what === 'folder' && <NewFolderDialog {...common} folder={view.path} />}
      {asked?.what === 'restore' && (
        <RestoreFilesDialog containerId={containerId} path={asked.path} onClose={common.onClose} />
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
                editor: (text: string) => (
                  <Editor
                    url={contentUrl(pathOf(asked.entry))}
                    path={pathOf(asked.entry)}
                    entry={asked.entry}
                    text={text}
                    onClose={common.onClose}
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
