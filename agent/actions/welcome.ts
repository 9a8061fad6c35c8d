import type { ActionArgs } from '#lib/contract/agent.ts';

/**
 * Whoever logs in to a rescue system is told where they are: it has the container's name and looks like it. In English, as all that a system
 * says by itself. Of what the portal hands over nothing but letters, digits and the signs of names gets there.
 */
export function welcomeOf({ product, readOnly }: ActionArgs<'repair.begin'>): string | undefined {
  if (product === undefined) return undefined;
  const name = product.replace(/[^\p{L}\p{M}\p{N} .,&!'+-]/gu, '').trim();
  const files = `The container's own files are at /repair${readOnly ? ', to be read only' : ''}`;
  return `${name === '' ? 'Rescue system' : `${name}: rescue system`}. ${files}; all else here is gone when the repair ends.`;
}
