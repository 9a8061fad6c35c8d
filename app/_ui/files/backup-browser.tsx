'use client';
import { GitCompareArrows, RotateCw } from 'lucide-react';
import { useState } from 'react';
import type { Backup } from '#lib/contract/backups.ts';
import type { FileEntry } from '#lib/contract/files.ts';
import { Button, LinkButton } from '../button.tsx';
import { count } from '../format.ts';
import { type MenuItem, RowMenuProvider } from '../row-menu.tsx';
import { Pages, Trail } from './folder-bar.tsx';
import { FolderCard, ticking } from './folder-card.tsx';
import { decode, join } from './paths.ts';
import { RestoreFilesDialog } from './restore-dialog.tsx';
import { contentUrlOf, useFolder, useView } from './use-folder.ts';
import { Viewer } from './viewer.tsx';

type Asked = { what: 'view'; entry: FileEntry } | { what: 'restore'; paths: readonly string[] };

/** The files of a backup: to be looked at, downloaded and put back. Nothing here changes the backup. */
export function BackupBrowser({ backup, path, mayRestore }: { backup: Backup; path: string; mayRestore: boolean }) {
  const { id: backupId, containerId } = backup;
  const [asked, setAsked] = useState<Asked | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const { view, setView, go, sortBy } = useView(path, () => setTicked(new Set()));
  const source = { containerId, backupId };
  const { list, problem, loading, reload } = useFolder(source, view);
  const pathOf = (entry: FileEntry) => join(view.path, decode(entry.name));
  const isFolder = (entry: FileEntry) => (entry.leadsTo ?? entry.kind) === 'folder';
  const open = (entry: FileEntry) => (isFolder(entry) ? go(pathOf(entry)) : setAsked({ what: 'view', entry }));
  const menu = (entry: FileEntry): MenuItem[] => [
    { label: 'Open', onSelect: () => open(entry) },
    {
      label: isFolder(entry) ? 'Download as archive' : 'Download',
      onSelect: () => window.location.assign(contentUrlOf(source, pathOf(entry))),
    },
    ...(mayRestore
      ? [{ label: 'Restore…', onSelect: () => setAsked({ what: 'restore', paths: [pathOf(entry)] }) }]
      : []),
  ];
  const onClose = () => setAsked(null);

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
        <LinkButton href={`/containers/${containerId}/backups/${backupId}/compare`}>
          <GitCompareArrows aria-hidden /> Compare
        </LinkButton>
      </div>
      {ticked.size > 0 && (
        <div className="card mb-3 flex flex-wrap items-center gap-2 px-4 py-2" role="status">
          <span className="mr-auto text-[13px]">{count(ticked.size, 'thing')} chosen</span>
          <Button size="small" onClick={() => setTicked(new Set())}>
            Choose none
          </Button>
          <Button
            size="small"
            variant="primary"
            reason={ticked.size > 100 ? 'Choose 100 at most, or the folder they are in.' : null}
            onClick={() =>
              setAsked({ what: 'restore', paths: [...ticked].map((name) => join(view.path, decode(name))) })
            }
          >
            Restore…
          </Button>
        </div>
      )}
      <FolderCard
        {...{ list, problem, loading, view, menu }}
        hint="The backup has nothing in it."
        onTop={() => go('/')}
        onSort={sortBy}
        onOpen={open}
        {...(mayRestore
          ? { ticked, onTick: (names: readonly string[], on: boolean) => setTicked(ticking(ticked, names, on)) }
          : {})}
      />
      {list !== null && <Pages view={view} list={list} onPage={(page) => setView({ ...view, page })} />}
      {asked?.what === 'restore' && (
        <RestoreFilesDialog containerId={containerId} paths={asked.paths} backup={backup} onClose={onClose} />
      )}
      {asked?.what === 'view' && (
        <Viewer
          url={contentUrlOf(source, pathOf(asked.entry))}
          path={pathOf(asked.entry)}
          entry={asked.entry}
          onClose={onClose}
        />
      )}
    </RowMenuProvider>
  );
}
