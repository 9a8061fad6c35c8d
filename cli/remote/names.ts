/** People say names; the interface takes ids. */
import type { Container } from '#clients/typescript/api.ts';
import type { Client, Input, Name } from './client.ts';
import { CliError, exits } from './exits.ts';
import { plain } from './output.ts';

export const idShape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

type Named = {
  id: string;
  role?: string;
  title?: string;
  name?: string;
  version?: string;
  offered?: boolean;
  email?: string | null;
  number?: number;
  tenantName?: string | null;
};
/** Where the things of a kind are listed, by what one may call them. */
const nouns = {
  container: 'containers.list',
  plan: 'plans.list',
  template: 'templates.list',
  tenant: 'tenants.list',
  reseller: 'resellers.list',
  host: 'hosts.list',
  location: 'locations.list',
  ticket: 'tickets.list',
  token: 'tokens.list',
  orphan: 'orphans.list',
  member: 'members.list',
  role: 'roles.list',
} as const satisfies Record<string, Name>;
export type Noun = keyof typeof nouns;
export const isNoun = (word: string): word is Noun => word in nouns;

/** These lists look for a part of the name themselves. */
const searchable: readonly Noun[] = ['container', 'plan', 'template', 'tenant', 'reseller', 'host'];

/** The id of what is called so. Throws when there is none, or when there are several. `within`: of members, the account; none: the provider's own. */
export async function idOf(panel: Client, noun: Noun, wish: string, within?: string): Promise<string> {
  if (idShape.test(wish)) return wish;
  if (noun === 'tenant' && wish === 'mine') {
    return (await ownTenant(panel)) ?? refuse('You belong to no account.', 'Name one.');
  }
  const { id, role = '' } = await called(panel, noun, wish, within);
  return noun === 'role' ? role : id;
}

/** The same, whole. */
export async function containerOf(panel: Client, wish: string): Promise<Container> {
  if (idShape.test(wish)) return await panel.call('containers.get', { params: { id: wish } });
  return (await called(panel, 'container', wish)) as Container;
}

/** Whose a new thing is to be: one's own account when none is named. */
export async function tenantOf(panel: Client, wish: string | undefined): Promise<string> {
  if (wish !== undefined) return await idOf(panel, 'tenant', wish);
  return (await ownTenant(panel)) ?? refuse('Say for which tenant.', 'Use --tenant <name or id>.');
}

async function called(panel: Client, noun: Noun, wish: string, within?: string): Promise<Named> {
  const name = noun === 'template' ? (wish.split('/')[0] ?? '') : wish;
  const input: { query: { q?: string }; params?: { id: string } } = {
    query: searchable.includes(noun) ? { q: name } : {},
    ...(noun === 'member' && within !== undefined ? { params: { id: within } } : {}),
  };
  const list = noun === 'member' && within === undefined ? 'staff.list' : nouns[noun];
  const found: Named[] = await panel.all<Name>(list, input as Input<Name>);
  const those = found.filter((one) => isCalled(one, wish));
  const [first, ...more] = those;
  if (first === undefined) throw new CliError(exits.notAllowed, `There is no ${noun} "${plain(wish)}".`);
  // Lists are newest first; of templates of one name the newest version that is offered is meant.
  if (noun === 'template') return those.find((one) => one.offered !== false) ?? first;
  if (more.length === 0) return first;
  const ids = [first, ...more].map(({ id, tenantName }) => (tenantName ? `${id} (${plain(tenantName)})` : id));
  return refuse(`There are several called "${plain(wish)}": ${ids.join(', ')}`, 'Name one by its id.');
}

/** The account one belongs to: for those who have no list of accounts. */
const ownTenant = async (panel: Client) => (await panel.call('me.get', {})).tenantId;

function refuse(message: string, remedy: string): never {
  throw new CliError(exits.usage, message, remedy);
}

function isCalled({ name, title, role, version, email, number }: Named, wish: string): boolean {
  if ([name, email, title, role].includes(wish)) return true;
  if (version !== undefined && `${name}/${version}` === wish) return true;
  return number !== undefined && (wish === String(number) || wish === `#${number}`);
}
