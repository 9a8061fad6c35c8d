/** So much of a file's beginning is read for {@link fingerprint}. */
export const headBytes = 1024 ** 2;

/**
 * Tells whether a file is the one that an upload was begun with, without reading all of it: its size, the second in which it was last changed, and
 * the SHA-256 of these and its beginning.
 */
export async function fingerprint(file: { sizeBytes: number; changedAtMs: number; head: Uint8Array }): Promise<string> {
  const about = new TextEncoder().encode(`${file.sizeBytes} ${Math.floor(file.changedAtMs / 1000)}\n`);
  const whole = new Uint8Array(about.length + file.head.length);
  whole.set(about);
  whole.set(file.head, about.length);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
  return [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
