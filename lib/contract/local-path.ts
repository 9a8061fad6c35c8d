/** Where to go after the sign-in: an address of this panel and nothing else, so that no link can lead away from it. */
export function localPath(next: string | null): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop them, which would make another address
  if (next === null || !/^\/(?![/\\])[^\\\u0000-\u0020]*$/.test(next)) return '/';
  if (next.startsWith('/sign-in') || next.startsWith('/api/')) return '/';
  return next;
}
