/** No body or query of ours comes near this. */
const deepest = 32;
const why = 'has characters that no text has (zero, or half of a pair)';

/**
 * What of a request fits a schema and can be kept nowhere: a zero character and half of a surrogate pair, which the database takes neither
 * in text nor in JSON, and nesting that whatever walks through it would fall over. Wherever it is, in names of fields too.
 */
export function unkeepable(sent: unknown): { path: string; message: string }[] {
  const issues: { path: string; message: string }[] = [];
  // A list instead of recursion: the depth is what is judged.
  const left: { value: unknown; path: string; depth: number }[] = [{ value: sent, path: '', depth: 0 }];
  for (let one = left.pop(); one !== undefined && issues.length < 10; one = left.pop()) {
    const { value, path, depth } = one;
    if (typeof value === 'string') {
      if (value.includes('\u0000') || !value.isWellFormed()) issues.push({ path, message: why });
    } else if (typeof value === 'object' && value !== null) {
      if (depth >= deepest) return [{ path, message: 'is nested too deeply' }];
      for (const [key, inner] of Object.entries(value)) {
        if (key.includes('\u0000') || !key.isWellFormed()) issues.push({ path, message: `a name in it ${why}` });
        left.push({ value: inner, path: path === '' ? key : `${path}.${key}`, depth: depth + 1 });
      }
    }
  }
  return issues;
}
