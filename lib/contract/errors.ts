import { z } from 'zod';
import { BerthError, type ErrorCode as Code, errorCodes } from './berth-error.ts';

export { BerthError, errorCodes };

export type ErrorCode = Code;
export const ErrorCode = z.enum(Object.keys(errorCodes) as [Code, ...Code[]]);

/** RFC 9457 problem details, the body of every error answer. `reference` finds the event in the logs. */
export const Problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: ErrorCode,
  detail: z.string().optional(),
  /** What the reader can do next, in one sentence. */
  remedy: z.string().optional(),
  reference: z.string().optional(),
  /** For `invalid`: what is wrong where. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
  /** For `busy` and `already`: the operation in the way. */
  operationId: z.string().optional(),
});
export type Problem = z.infer<typeof Problem>;

/** The problem to answer with. Anything that is not a BerthError becomes `internal` and says nothing of itself. */
export function toProblem(error: unknown, reference?: string): Problem {
  const known = error instanceof BerthError ? error : new BerthError('internal');
  const { status, title } = errorCodes[known.code];
  return {
    type: `urn:berth:error:${known.code}`,
    title,
    status,
    code: known.code,
    ...(known.detail === undefined ? {} : { detail: known.detail }),
    ...known.outside,
    ...(reference === undefined ? {} : { reference }),
  };
}
