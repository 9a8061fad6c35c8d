import { Problem } from '#lib/contract/errors.ts';
import { ApiError, problemOf } from '../api.ts';

/** The bytes of a file; throws what the portal says. */
export async function fetchContent(url: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, { credentials: 'same-origin', signal });
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  const problem = Problem.safeParse(await response.json().catch(() => null));
  throw problem.success ? new ApiError(problem.data) : new ApiError(problemOf(null));
}
