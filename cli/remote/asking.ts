import type { Operation } from '#clients/typescript/api.ts';
import type { Client } from './client.ts';
import { plain, type Voice, waitFor } from './output.ts';

export type Context = { panel: Client; voice: Voice };
export type Common = { json?: boolean; wait?: boolean; cancelOnInterrupt?: boolean };

export function isOperation(value: unknown): value is Operation {
  return value !== null && typeof value === 'object' && 'steps' in value && 'percent' in value && 'lock' in value;
}

/** Says the operation, or its end when that is waited for. */
export async function finish({ panel, voice }: Context, started: Operation, options: Common): Promise<void> {
  const operation = options.wait ? await waitFor(panel, started, voice, options) : started;
  // What is told in the first answer alone is told also after waiting.
  const told = 'rootPassword' in started ? { rootPassword: started.rootPassword } : {};
  if (options.json) return voice.out(JSON.stringify({ ...operation, ...told }, null, 2));
  const name = plain(operation.containerName ?? operation.containerId);
  voice.out(
    options.wait
      ? `${name}: ${operation.kind} ${operation.state}`
      : `${name}: ${operation.kind} asked for (operation ${operation.id})`,
  );
  if ('rootPassword' in started && typeof started.rootPassword === 'string')
    voice.out(`root password, told once: ${started.rootPassword}`);
}
