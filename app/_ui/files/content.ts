import { Problem } from '#lib/contract/errors.ts';
import { UploadState } from '#lib/contract/files.ts';
import { ApiError, problemOf } from '../api.ts';

/** The bytes of a file; throws what the portal says. */
export async function fetchContent(url: string, signal: AbortSignal): Promise<Uint8Array<ArrayBuffer>> {
  const response = await fetch(url, { credentials: 'same-origin', signal });
  if (response.ok) return new Uint8Array(await response.arrayBuffer());
  const problem = Problem.safeParse(await response.json().catch(() => null));
  throw problem.success ? new ApiError(problem.data) : new ApiError(problemOf(null));
}

/** Writes a whole file; what the portal refuses is returned, and `failed` said when it does not answer. */
export async function putContent(
  url: string,
  body: Blob,
  failed: { title: string; remedy?: string },
): Promise<UploadState | Problem> {
  const unsaid = { type: 'urn:berth:error:internal', title: failed.title, status: 500, code: 'internal' } as const;
  try {
    const response = await fetch(url, { method: 'PUT', body, credentials: 'same-origin' });
    const json: unknown = await response.json();
    if (response.ok) return UploadState.parse(json);
    const problem = Problem.safeParse(json);
    return problem.success ? problem.data : unsaid;
  } catch {
    return { ...unsaid, ...failed };
  }
}
