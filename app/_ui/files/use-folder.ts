'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import type { FileEntry, FileList } from '#lib/contract/files.ts';
import { address } from '../address.ts';
import { call, problemOf } from '../api.ts';
import { decode, encode } from './paths.ts';

export type Sort = 'name' | 'size' | 'modified';
export type View = { path: string; sort: Sort; descending: boolean; match: string; page: number };

export const pageEntries = 200;

/** Whose files: a container's as they are now, or those of a backup of it. */
export type FileSource = { containerId: string; backupId: string | null };

const first = { sort: 'name', descending: false, match: '', page: 0 } as const;

export function contentUrlOf({ containerId, backupId }: FileSource, path: string): string {
  const query = { path: encode(path) };
  return `/api/v1${
    backupId === null
      ? address('/containers/{id}/files/content', { id: containerId }, query)
      : address('/backups/{id}/files/content', { id: backupId }, query)
  }`;
}

/** A folder, or a link that leads to one. */
export function isFolder(entry: FileEntry): boolean {
  return (entry.leadsTo ?? entry.kind) === 'folder';
}

/** Which folder is shown, and how. It stands in the address, so that back and forward lead through folders. */
export function useView(path: string, onGo: () => void) {
  const [view, setView] = useState<View>({ path, ...first });
  const gone = useRef(onGo);
  gone.current = onGo;
  const go = useCallback((next: string) => {
    window.history.pushState(null, '', `?path=${encodeURIComponent(encode(next))}`);
    setView({ path: next, ...first });
    gone.current();
  }, []);
  useEffect(() => {
    const back = () => {
      const wanted = new URLSearchParams(window.location.search).get('path');
      setView({ path: wanted === null ? '/' : decode(wanted), ...first });
    };
    window.addEventListener('popstate', back);
    return () => window.removeEventListener('popstate', back);
  }, []);
  const sortBy = (sort: Sort) =>
    setView({ ...view, sort, descending: view.sort === sort && !view.descending, page: 0 });
  return { view, setView, go, sortBy };
}

/** One page of a folder, asked for again whenever what is looked at changes. What was shown stays until the answer is there. */
export function useFolder({ containerId, backupId }: FileSource, view: View) {
  const [list, setList] = useState<FileList | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [loading, setLoading] = useState(true);
  const [round, setRound] = useState(0);
  const asked = useRef(0);
  const { path, sort, descending, match, page } = view;

  // biome-ignore lint/correctness/useExhaustiveDependencies: another round asks the same again
  useEffect(() => {
    asked.current += 1;
    const mine = asked.current;
    setLoading(true);
    const query = {
      path: encode(path),
      sort,
      descending,
      match,
      limit: pageEntries,
      cursor: String(page * pageEntries),
    };
    const asking =
      backupId === null
        ? call('files.list', { params: { id: containerId }, query })
        : call('backups.files', { params: { id: backupId }, query });
    asking
      .then((found) => {
        if (asked.current !== mine) return;
        setList(found);
        setProblem(null);
      })
      .catch((error: unknown) => {
        if (asked.current !== mine) return;
        setProblem(problemOf(error));
        setList(null);
      })
      .finally(() => asked.current === mine && setLoading(false));
  }, [containerId, backupId, path, sort, descending, match, page, round]);

  const reload = useCallback(() => setRound((count) => count + 1), []);
  return { list, problem, loading, reload };
}
