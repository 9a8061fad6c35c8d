const magic: readonly (readonly [type: string, bytes: readonly number[], at?: number])[] = [
  ['image/png', [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]],
  ['image/jpeg', [0xff, 0xd8, 0xff]],
  ['image/gif', [0x47, 0x49, 0x46, 0x38]],
  ['image/webp', [0x57, 0x45, 0x42, 0x50], 8],
  ['application/pdf', [0x25, 0x50, 0x44, 0x46, 0x2d]],
  ['application/zip', [0x50, 0x4b, 0x03, 0x04]],
  ['application/gzip', [0x1f, 0x8b]],
];

/**
 * What a file is by its first bytes, whatever its name says; null for anything that is not taken. Text is text, also when it is a
 * page or a drawing that a browser would run: it is never given out as that.
 */
export function typeOf(content: Uint8Array): string | null {
  for (const [type, bytes, at = 0] of magic) {
    if (bytes.every((byte, index) => content[at + index] === byte)) return type;
  }
  if (content.includes(0)) return null;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(content);
    return 'text/plain';
  } catch {
    return null;
  }
}
