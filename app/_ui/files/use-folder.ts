'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import type { FileList } from '#lib/contract/files.ts';
import { call, problemOf } from '../api.ts';
import { encode } from './paths.ts';

export type Sort = 'name' | 'size' | 'modified';
export type View = { path: string; sort: Sort; descending: boolean; match: string; page: number };

export const pageEntries = 200;

/** One page of a folder, asked for again whenever what is looked at changes. What was shown stays until the answer is there. */
export function useFolder(containerId: string, view: View) {
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
    call('files.list', { params: { id: containerId }, query })
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
  }, [containerId, path, sort, descending, match, page, round]);

  const reload = useCallback(() => setRound((count) => count + 1), []);
  return { list, problem, loading, reload };
}
