'use client';
import { useEffect, useRef } from 'react';
import type { Operation } from '#lib/contract/operations.ts';
import { useOperation } from './live.tsx';
import { isActive } from './words.ts';

/** Does something when an operation has ended, however it did. */
export function WhenOver({ operation, then }: { operation: Operation; then: () => void }) {
  const over = !isActive(useOperation(operation));
  const latest = useRef(then);
  latest.current = then;
  useEffect(() => {
    if (over) latest.current();
  }, [over]);
  return null;
}
