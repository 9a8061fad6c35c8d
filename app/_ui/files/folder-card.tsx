'use client';
import { CircleAlert, FolderOpen } from 'lucide-react';
import type { ComponentProps } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import type { FileList } from '#lib/contract/files.ts';
import { t } from '#lib/language/text.ts';
import { Button } from '../button.tsx';
import { Empty } from '../page.tsx';
import { EntryTable } from './entry-table.tsx';
import { shown } from './paths.ts';

type Table = ComponentProps<typeof EntryTable>;

/** What is in a folder, or why that cannot be said. */
export function FolderCard({
  list,
  problem,
  loading,
  hint,
  onTop,
  ...table
}: Omit<Table, 'items'> & {
  list: FileList | null;
  problem: Problem | null;
  loading: boolean;
  /** Said of an empty folder. */
  hint: string;
  onTop: () => void;
}) {
  const { match, path } = table.view;
  return (
    <div className="card" aria-busy={loading}>
      {list === null && (
        <NoAnswer problem={problem} action={<Button onClick={onTop}>{t('To the top folder')}</Button>}>
          {t('Looking into {path}…', { path: shown(path) })}
        </NoAnswer>
      )}
      {list !== null && list.items.length === 0 && (
        <Empty icon={FolderOpen} title={t(match === '' ? 'An empty folder' : 'No such name here')}>
          {match === '' ? hint : t('Other folders are not searched.')}
        </Empty>
      )}
      {list !== null && list.items.length > 0 && <EntryTable items={list.items} {...table} />}
    </div>
  );
}

/** In place of what is in a folder: that it is awaited, in the words of `children`, or why it cannot be had and what helps. */
export function NoAnswer({
  problem,
  action,
  children,
}: {
  problem: Problem | null;
  action: React.ReactNode;
  children: React.ReactNode;
}) {
  if (problem === null)
    return (
      <p role="status" className="px-4 py-14 text-center text-muted">
        {children}
      </p>
    );
  return (
    <Empty icon={CircleAlert} title={problem.detail ?? problem.title} action={action}>
      {problem.remedy}
    </Empty>
  );
}

/** Names added to or taken from those that are ticked. */
export function ticking(ticked: ReadonlySet<string>, names: readonly string[], on: boolean): ReadonlySet<string> {
  const next = new Set(ticked);
  for (const name of names) {
    if (on) next.add(name);
    else next.delete(name);
  }
  return next;
}
