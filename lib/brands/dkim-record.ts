/** What a record says of a key (RFC 6376, section 3.6.1), as `tag=value` pairs; null: it is none that says so. */
function tagsOf(text: string): Map<string, string> | null {
  const parts = text.split(';').map((part) => part.trim());
  if (parts.at(-1) === '') parts.pop();
  const tags = new Map<string, string>();
  for (const part of parts) {
    const at = part.indexOf('=');
    const name = part.slice(0, at).trim();
    if (at < 1 || tags.has(name)) return null;
    tags.set(name, part.slice(at + 1).trim());
  }
  const version = tags.get('v');
  if (version !== undefined && (version !== 'DKIM1' || [...tags.keys()][0] !== 'v')) return null;
  return tags.has('p') ? tags : null;
}

/** The record that publishes a public key (base64 of its DER form). */
export function dkimRecord(publicKey: string): string {
  return `v=DKIM1; k=rsa; p=${publicKey}`;
}

/**
 * Whether those who check a signature find this key: one record of its kind, of this key, and nothing in it that forbids what we sign with.
 * Records that are no keys are passed over. Of two keys under one name nobody says which one counts, so that is a no.
 */
export function publishes(records: readonly string[], publicKey: string): boolean {
  const keys = records.map(tagsOf).filter((tags) => tags !== null);
  const [tags] = keys;
  if (tags === undefined || keys.length !== 1) return false;
  const list = (name: string) =>
    tags
      .get(name)
      ?.split(':')
      .map((one) => one.trim());
  const services = list('s');
  return (
    (tags.get('k') ?? 'rsa') === 'rsa' &&
    list('h')?.includes('sha256') !== false &&
    (services === undefined || services.includes('*') || services.includes('email')) &&
    tags.get('p')?.replace(/\s+/g, '') === publicKey
  );
}
