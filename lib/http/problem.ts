import { v7 } from 'uuid';
import { BerthError, toProblem } from '../contract/errors.ts';
import { spoken } from '../language/spoken.ts';
import { problemIn } from '../language/translate.ts';
import { logError } from './log.ts';

/** The answer to a failed request: problem details with a reference that is also in the log. */
export function problemResponse(error: unknown, where: string, headers: Record<string, string> = {}): Response {
  const { status, body, code } = problemOf(error, where);
  const retry: Record<string, string> = code === 'rate_limited' ? { 'retry-after': '60' } : {};
  return new Response(body, {
    status,
    headers: { ...retry, ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}

/** The same, not sent yet. Logged here, once. */
export function problemOf(error: unknown, where: string): { status: number; body: string; code: string } {
  const reference = v7();
  const problem = toProblem(error, reference);
  if (problem.status >= 500 || !(error instanceof BerthError)) logError(where, reference, error);
  return { status: problem.status, body: JSON.stringify(problemIn(problem, spoken())), code: problem.code };
}
