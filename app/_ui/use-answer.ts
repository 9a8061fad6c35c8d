'use client';
import { useCallback, useEffect, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import type { Input, Output, RouteName } from '#lib/contract/routes.ts';
import { call, problemOf } from './api.ts';

/**
 * What a route that changes nothing answers: asked for when this is shown, and again when `input` changes. `found` and
 * `problem` are both null until it is there; an answer that comes too late is dropped. `again` asks the same once more.
 * Nothing is asked while `input` is null.
 */
export function useAnswer<N extends RouteName>(name: N, input: Input<N> | null) {
  const [found, setFound] = useState<Output<N> | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [round, setRound] = useState(0);
  const asked = JSON.stringify(input);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another round asks the same again
  useEffect(() => {
    setFound(null);
    setProblem(null);
    const wanted = JSON.parse(asked) as Input<N> | null;
    if (wanted === null) return;
    let gone = false;
    call(name, wanted).then(
      (answer) => gone || setFound(answer),
      (error: unknown) => gone || setProblem(problemOf(error)),
    );
    return () => {
      gone = true;
    };
  }, [name, asked, round]);

  const again = useCallback(() => setRound((count) => count + 1), []);
  return { found, problem, again };
}
