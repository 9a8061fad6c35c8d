import { t } from '#lib/language/text.ts';
/** Paths in the browser: strings of the characters 0–255, one for each byte, because names are bytes and need not be UTF-8. */

export function encode(path: string): string {
  return btoa(path);
}

export function decode(base64: string): string {
  return atob(base64);
}

/** What a person typed, as bytes. */
export function typed(text: string): string {
  return Array.from(new TextEncoder().encode(text), (byte) => String.fromCharCode(byte)).join('');
}

/** For reading; bytes that are no UTF-8 are shown as the replacement character, control characters as their pictures. */
export function shown(path: string): string {
  const text = new TextDecoder().decode(Uint8Array.from(path, (char) => char.charCodeAt(0)));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they would vanish, or break the line
  return text.replace(/[\u0000-\u001f\u007f]/g, (char) => String.fromCharCode(0x2400 + (char.charCodeAt(0) % 0x80)));
}

export function join(folder: string, name: string): string {
  return folder === '/' ? `/${name}` : `${folder}/${name}`;
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Every folder on the way, the root first. */
export function trail(path: string): { path: string; name: string }[] {
  const parts = path.split('/').filter(Boolean);
  return parts.map((name, i) => ({ name, path: `/${parts.slice(0, i + 1).join('/')}` }));
}

/** Why a name cannot be one, or null. */
export function nameFault(text: string): string | null {
  if (text === '') return t('Type a name.');
  if (text === '.' || text === '..') return t('That name means something else.');
  if (text.includes('/') || text.includes('\0')) return t('A name cannot contain a slash.');
  return typed(text).length > 255 ? t('A name can have 255 bytes at most.') : null;
}

/** `rwxr-xr-x`, with set-user-id and sticky bits as ls writes them. */
export function modeWords(mode: number): string {
  const bits = [...'rwxrwxrwx'].map((letter, i) => ((mode >> (8 - i)) & 1 ? letter : '-'));
  const special = (at: number, bit: number, letter: string) => {
    if (mode & bit) bits[at] = bits[at] === 'x' ? letter : letter.toUpperCase();
  };
  special(2, 0o4000, 's');
  special(5, 0o2000, 's');
  special(8, 0o1000, 't');
  return bits.join('');
}
