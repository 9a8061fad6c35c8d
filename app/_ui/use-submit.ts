import { useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import { problemOf } from './api.ts';

/** Runs one request of a form and keeps its pending and its problem. For pages that show nothing else; see useCall for the panel's. */
export function useSubmit() {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  /** `done` leads away from the form: it stays pending. */
  const submit = async <T>(
    work: () => Promise<T>,
    done: (value: T) => void,
    failed?: (problem: Problem) => boolean,
  ) => {
    setPending(true);
    setProblem(null);
    try {
      done(await work());
    } catch (error) {
      const found = problemOf(error);
      if (failed?.(found) !== true) setProblem(found);
      setPending(false);
    }
  };
  return { pending, problem, submit, setPending };
}
