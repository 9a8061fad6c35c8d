'use client';
import { useCallback, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import { Operation } from '#lib/contract/operations.ts';
import type { Input, Output, RouteName } from '#lib/contract/routes.ts';
import { call, problemOf } from './api.ts';
import { useRefresh, useShowOperation } from './live.tsx';
import { notifyProblem } from './notify.tsx';

/**
 * One request with its pending and its problem. An answer that is an operation is shown at once; the page's data is
 * asked for again. `quiet` leaves showing the problem to the caller (a form), otherwise it becomes a notice.
 */
export function useCall<N extends RouteName>(name: N, { quiet = false } = {}) {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const refresh = useRefresh();
  const show = useShowOperation();

  const run = useCallback(
    async (input: Input<N>): Promise<{ ok: true; value: Output<N> } | { ok: false }> => {
      setPending(true);
      setProblem(null);
      try {
        const value = await call(name, input);
        const operation = Operation.safeParse(value);
        if (operation.success) show(operation.data);
        refresh();
        return { ok: true, value };
      } catch (error) {
        const found = problemOf(error);
        if (found.code === 'unauthenticated') {
          const here = `${window.location.pathname}${window.location.search}`;
          window.location.assign(`/sign-in?next=${encodeURIComponent(here)}`);
        }
        if (found.code === 'enrolment_required') window.location.assign('/second-factor');
        setProblem(found);
        if (!quiet) notifyProblem(found);
        return { ok: false };
      } finally {
        setPending(false);
      }
    },
    [name, quiet, refresh, show],
  );
  return { run, pending, problem };
}
