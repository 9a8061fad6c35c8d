'use client';
import { GitCompareArrows } from 'lucide-react';
import { useState } from 'react';
import type { Backup } from '#lib/contract/backups.ts';
import type { FileEntry } from '#lib/contract/files.ts';
import { t } from '#lib/language/text.ts';
import { BringBack, canComeBack } from '../bring-back.tsx';
import { Button, LinkButton } from '../button.tsx';
import { type MenuItem, RowMenuProvider } from '../row-menu.tsx';
import { Chosen, FolderBar, Pages } from './folder-bar.tsx';
import { FolderCard, ticking } from './folder-card.tsx';
import { decode, join } from './paths.ts';
import { RestoreFilesDialog } from './restore-dialog.tsx';
import { contentUrlOf, isFolder, useFolder, useView } from './use-folder.ts';
import { Viewer } from './viewer.tsx';

type Asked = { what: 'view'; entry: FileEntry } | { what: 'restore'; paths: readonly string[] };

type Props = { backup: Backup; path: string; mayRestore: boolean; mayUndelete: boolean };

/**
 * The files of a backup: to be looked at, downloaded and put back; where the container is deleted, that is brought back as a whole. Nothing here
 * changes the backup.
 */
export function BackupBrowser({ backup, path, mayRestore: allowed, mayUndelete }: Props) {
  const { id: backupId, containerId, containerDeleted } = backup;
  const there = containerDeleted === undefined;
  const mayRestore = allowed && there;
  const [asked, setAsked] = useState<Asked | null>(null);
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const { view, setView, go, sortBy } = useView(path, () => setTicked(new Set()));
  const source = { containerId, backupId };
  const { list, problem, loading, reload } = useFolder(source, view);
  const pathOf = (entry: FileEntry) => join(view.path, decode(entry.name));
  const open = (entry: FileEntry) => (isFolder(entry) ? go(pathOf(entry)) : setAsked({ what: 'view', entry }));
  const menu = (entry: FileEntry): MenuItem[] => [
    { label: t('{what, select, other {Open}}', { what: 'file' }), onSelect: () => open(entry) },
    {
      label: t(isFolder(entry) ? 'Download as archive' : 'Download'),
      onSelect: () => window.location.assign(contentUrlOf(source, pathOf(entry))),
    },
    ...(mayRestore
      ? [{ label: t('Restore…'), onSelect: () => setAsked({ what: 'restore', paths: [pathOf(entry)] }) }]
      : []),
  ];
  const onClose = () => setAsked(null);

  return (
    <RowMenuProvider>
      <FolderBar {...{ view, setView, go, loading, reload }}>
        {there && (
          <LinkButton href={`/containers/${containerId}/backups/${backupId}/compare`}>
            <GitCompareArrows aria-hidden /> {t('Compare')}
          </LinkButton>
        )}
        {mayUndelete && canComeBack(backup) && <BringBack backup={backup} />}
      </FolderBar>
      {ticked.size > 0 && (
        <Chosen many={ticked.size} onNone={() => setTicked(new Set())}>
          <Button
            size="small"
            variant="primary"
            reason={ticked.size > 100 ? t('Choose 100 at most, or the folder they are in.') : null}
            onClick={() =>
              setAsked({ what: 'restore', paths: [...ticked].map((name) => join(view.path, decode(name))) })
            }
          >
            {t('Restore…')}
          </Button>
        </Chosen>
      )}
      <FolderCard
        {...{ list, problem, loading, view, menu }}
        hint={t('The backup has nothing in it.')}
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
