import type { Context } from './asking.ts';
import { CliError, exits } from './exits.ts';

/** Any address of the interface, as it is: for what has no verb here. */
export async function api({ panel, voice }: Context, method: string, path: string, options: { body?: string }) {
  let body: unknown;
  try {
    body = options.body === undefined ? undefined : JSON.parse(options.body);
  } catch {
    throw new CliError(exits.usage, '--body must be JSON.');
  }
  const at = path.startsWith('/') ? path.replace(/^\/api\/v1(?=\/)/, '') : `/${path}`;
  const answer = await panel.raw(method.toUpperCase(), at, body);
  if (answer !== null) voice.out(JSON.stringify(answer, null, 2));
}
