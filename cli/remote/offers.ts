/** `berth ct offer` and `berth offer …`: containers that go from one account to another. */

import type { Common, Context } from './asking.ts';
import type { Output } from './client.ts';
import { CliError, exits } from './exits.ts';
import { idOf } from './names.ts';
import { plain, type Voice } from './output.ts';

type Handover = Output<'handovers.get'>;
const lookAgainMs = 1_000;

export async function offer(
  { panel, voice }: Context,
  name: string,
  options: Common & { to: string; note?: string; days?: number },
) {
  const id = await idOf(panel, 'container', name);
  const to = options.to.includes('@') ? { email: options.to } : { tenantId: options.to };
  const body = {
    to,
    ...(options.note === undefined ? {} : { note: options.note }),
    ...(options.days === undefined ? {} : { days: options.days }),
  };
  tell(voice, await panel.call('handovers.offer', { params: { id }, body }), options);
}

export async function show({ panel, voice }: Context, id: string, options: Common) {
  tell(voice, await panel.call('handovers.get', { params: { id } }), options);
}

export async function decide(
  { panel, voice }: Context,
  verb: 'agree' | 'decline' | 'withdraw',
  id: string,
  options: Common,
) {
  tell(voice, await panel.call(`handovers.${verb}`, { params: { id }, body: {} }), options);
}

/** Accepts; with `wait` follows it until the container has changed hands, or has not. */
export async function accept(
  { panel, voice }: Context,
  id: string,
  options: Common & { name?: string; keepKeys?: boolean },
) {
  const name = options.name === undefined ? {} : { name: options.name };
  const body = { ...name, removeSshKeys: options.keepKeys !== true };
  let now = await panel.call('handovers.accept', { params: { id }, body });
  while (options.wait === true && now.state === 'moving') {
    await new Promise((resolve) => setTimeout(resolve, lookAgainMs));
    now = await panel.call('handovers.get', { params: { id } });
  }
  tell(voice, now, options);
  if (options.wait === true && now.state !== 'done') {
    throw new CliError(exits.failed, plain(now.problem ?? 'It did not change hands; the offer is open again.'));
  }
}

function tell(voice: Voice, one: Handover, { json }: Common): void {
  if (json === true) {
    voice.out(JSON.stringify(one, null, 2));
    return;
  }
  voice.out(`${plain(one.containerName)}: ${plain(one.from)} → ${plain(one.to)}: ${one.state}`);
  voice.out(`  offer ${one.id}, good until ${one.expiresAt}`);
  if (one.note !== '') voice.out(`  ${plain(one.note)}`);
  if (one.what !== null && one.what.sshKeys.length > 0) {
    voice.out(`  ssh keys in it: ${one.what.sshKeys.map((key) => plain(key)).join(', ')}`);
  }
}
