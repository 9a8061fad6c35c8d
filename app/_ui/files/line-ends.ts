/**
 * The end of line by which a text is split into lines and joined again. In a text that has several it is the line feed: then carriage
 * returns are characters of their lines, and stay where they are.
 */
export function lineEndOf(text: string): '\n' | '\r\n' | '\r' {
  if (!text.includes('\r')) return '\n';
  if (!text.includes('\n')) return '\r';
  return /\r(?!\n)|(?<!\r)\n/.test(text) ? '\n' : '\r\n';
}

export const mixedEnds = (text: string): boolean => lineEndOf(text) === '\n' && text.includes('\r');
