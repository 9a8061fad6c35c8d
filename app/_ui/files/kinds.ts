/** What bytes are, told by themselves; names say nothing. */

export type Picture = 'image/png' | 'image/jpeg' | 'image/gif' | 'image/webp' | 'image/bmp' | 'image/avif';

/** Raster pictures only: drawings can contain programs. */
export function pictureType(bytes: Uint8Array): Picture | null {
  const at = (from: number, text: string) => [...text].every((char, i) => bytes[from + i] === char.charCodeAt(0));
  if (at(0, '\x89PNG\r\n\x1a\n')) return 'image/png';
  if (at(0, '\xff\xd8\xff')) return 'image/jpeg';
  if (at(0, 'GIF8')) return 'image/gif';
  if (at(0, 'RIFF') && at(8, 'WEBP')) return 'image/webp';
  if (at(0, 'BM') && bytes.length > 26 && bytes[6] === 0 && bytes[8] === 0) return 'image/bmp';
  return at(4, 'ftypavif') ? 'image/avif' : null;
}

/** UTF-8 without zero bytes, or null. */
export function textOf(bytes: Uint8Array): string | null {
  if (bytes.includes(0)) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
