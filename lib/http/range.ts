/** From where on (`Range: bytes=N-`), or null for all: other ranges than a rest are not served, and what is not understood counts as not said. */
export function rangeOf(header: string | null): number | null {
  const digits = /^bytes=(\d{1,15})-$/.exec(header ?? '')?.[1];
  return digits === undefined ? null : Number(digits);
}

/** The same under `If-Range`: of another file a rest would be of no use. */
export function restFrom(headers: Headers, etag: string): number {
  const condition = headers.get('if-range');
  return condition !== null && condition !== etag ? 0 : (rangeOf(headers.get('range')) ?? 0);
}
