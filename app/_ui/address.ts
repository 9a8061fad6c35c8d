type Query = Readonly<Record<string, unknown>>;

/** `/containers?label=web&q=a`: what is empty is left out, and so is the question mark where nothing is left. */
export function withQuery(path: string, query: Query): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') search.set(name, String(value));
  }
  return search.size === 0 ? path : `${path}?${search}`;
}

/** `/containers/{id}` with its parameters and query filled in. */
export function address(path: string, params: Record<string, string> = {}, query: Query = {}): string {
  return withQuery(
    path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? '')),
    query,
  );
}
