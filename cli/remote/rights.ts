/** Labels, holds, and the questions about rights: `berth ct label`, `ct hold`, `ct why`, `berth tenant hold`, `berth who`. */
import type { HoldReason } from '#clients/typescript/api.ts';
import { Permission } from '#lib/contract/permissions.ts';
import { Labels } from '#lib/contract/roles.ts';
import type { Context } from './asking.ts';
import { type Bulk, chosenOf, eachOf } from './containers.ts';
import { CliError, exits } from './exits.ts';
import { idOf } from './names.ts';
import { plain, table } from './output.ts';

export type LabelOptions = Bulk & { add?: string[]; remove?: string[] };
export type HoldOptions = { reason: HoldReason; message?: string; leaveRunning?: boolean; json?: boolean };

function labelsOf(words: readonly string[] | undefined): string[] {
  const judged = Labels.safeParse(words ?? []);
  if (judged.success) return judged.data;
  throw new CliError(exits.usage, 'A label has small letters, digits, dots and dashes; 40 at most.');
}

/** Adds and removes labels; the others stay. */
export async function label(context: Context, names: readonly string[], options: LabelOptions): Promise<void> {
  const { panel, voice } = context;
  const body = { add: labelsOf(options.add), remove: labelsOf(options.remove) };
  if (body.add.length + body.remove.length === 0) throw new CliError(exits.usage, 'Say --add or --remove.');
  const chosen = await chosenOf(panel, names, options);
  await eachOf(context, chosen, options, 'label', async (container) => {
    const { labels } = await panel.call('containers.changeLabels', { params: { id: container.id }, body });
    if (options.json) return voice.out(JSON.stringify({ id: container.id, name: container.name, labels }, null, 2));
    voice.out(`${plain(container.name)}: ${labels.map(plain).join(', ') || 'no labels'}`);
  });
}

const placing = {
  container: { place: 'holds.place', lift: 'holds.lift' },
  tenant: { place: 'tenantHolds.place', lift: 'tenantHolds.lift' },
} as const;

/** Puts a hold on a container or on all of a tenant. */
export async function hold(
  { panel, voice }: Context,
  over: 'container' | 'tenant',
  name: string,
  { reason, message, leaveRunning, json }: HoldOptions,
) {
  const params = { id: await idOf(panel, over, name) };
  const body = { reason, message: message ?? null, stop: leaveRunning !== true };
  const placed = await panel.call(placing[over].place, { params, body });
  if (json) return voice.out(JSON.stringify(placed, null, 2));
  voice.out(`${plain(name)}: on hold (${reason})`);
}

/** Lifts the hold of this reason, and no other. */
export async function unhold(
  { panel, voice }: Context,
  over: 'container' | 'tenant',
  name: string,
  { reason, json }: Pick<HoldOptions, 'reason' | 'json'>,
) {
  const params = { id: await idOf(panel, over, name) };
  await panel.call(placing[over].lift, { params, query: { reason } });
  if (json) return voice.out('null');
  voice.out(`${plain(name)}: hold lifted (${reason})`);
}

function verbOf(word: string): Permission {
  const verb = Permission.safeParse(word);
  if (verb.success) return verb.data;
  throw new CliError(exits.usage, `There is no right "${plain(word)}".`, 'berth role list --json names them.');
}

/** Why one may or may not; the exit status is 4 where one may not. */
export async function why({ panel, voice }: Context, name: string, verb: string, options: { json?: boolean }) {
  const id = await idOf(panel, 'container', name);
  const said = await panel.call('access.explain', { query: { verb: verbOf(verb), container: id } });
  if (options.json) voice.out(JSON.stringify(said, null, 2));
  else {
    voice.out(`${said.about}, ${plain(said.containerName)}: ${said.allowed ? 'yes' : 'no'}`);
    for (const { text } of said.reasons) voice.out(`  ${plain(text)}`);
  }
  return said.allowed ? exits.done : exits.notAllowed;
}

/** Everybody who may do one thing to one container. */
export async function who({ panel, voice }: Context, verb: string, name: string, options: { json?: boolean }) {
  const id = await idOf(panel, 'container', name);
  const { people } = await panel.call('access.who', { query: { verb: verbOf(verb), container: id } });
  if (options.json) return voice.out(JSON.stringify(people, null, 2));
  voice.out(
    table(
      ['NAME', 'E-MAIL', 'BY'],
      people.map((one) => [one.name, one.email, one.assignments.map(({ title }) => title).join(', ')]),
    ),
  );
}
