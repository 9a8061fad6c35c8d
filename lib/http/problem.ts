import { v7 } from 'uuid';
import { BerthError, toProblem } from '../contract/errors.ts';
import { logError } from './log.ts';

/** The answer to a failed request: problem details with a reference that is also in the log. */
export function problemResponse(error: unknown, where: string): Response {
  const reference = v7();
  const problem = toProblem(error, reference);
  if (problem.status >= 500 || !(error instanceof BerthError)) logError(where, reference, error);
  const retry: Record<string, string> = problem.code === 'rate_limited' ? { 'retry-after': '60' } : {};
  return new Response(JSON.stringify(problem), {
    status: problem.status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store', ...retry },
  });
}
