import { useState } from 'react';
import type { Container } from '#lib/contract/containers.ts';

/** The rows of a page that somebody has chosen. What is no longer on the page is no longer chosen. */
export function useChoice(containers: readonly Container[]) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const chosen = containers.filter(({ id }) => ids.has(id));
  return {
    chosen,
    whole: containers.length > 0 && chosen.length === containers.length,
    has: (id: string) => ids.has(id),
    toggle: (id: string) =>
      setIds((before) => {
        const next = new Set(before);
        if (!next.delete(id)) next.add(id);
        return next;
      }),
    /** All of the page, or none when all are. */
    all: () => setIds(chosen.length === containers.length ? new Set() : new Set(containers.map(({ id }) => id))),
    none: () => setIds(new Set()),
  };
}
export type Choice = ReturnType<typeof useChoice>;
