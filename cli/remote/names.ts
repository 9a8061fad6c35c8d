/** People say names; the interface takes ids. */
import type { Name } from '#clients/typescript/client.ts';
import type { Client, Input } from './client.ts';
import { CliError, exits } from './exits.ts';
import { plain } from './output.ts';

export const idShape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

type Named = {
  id: string;
  role?: string;
  title?: string;
  name?: string;
  version?: string;
  email?: string | null;
  number?: number;
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

/** The id of what is called so. Throws when there is none, or when there are several. `within`: of members, the account. */
export async function idOf(panel: Client, noun: Noun, wish: string, within?: string): Promise<string> {
  if (idShape.test(wish)) return wish;
  if (noun === 'tenant' && wish === 'mine') return await ownTenant(panel);
  const route = nouns[noun];
  const name = noun === 'template' ? (wish.split('/')[0] ?? '') : wish;
  const query = searchable.includes(noun) ? { q: name } : {};
  const params = noun === 'member' && within !== undefined ? { params: { id: within } } : {};
  const found = (await panel.all(route, { ...params, query } as unknown as Input<typeof route>)) as Named[];
  const fits = found.filter((one) => isCalled(one, wish));
  const [first, ...more] = fits;
  if (first === undefined) throw new CliError(exits.notAllowed, `There is no ${noun} "${plain(wish)}".`);
  // Lists are newest first; of templates of one name the newest version is meant.
  if (more.length === 0 || noun === 'template') return noun === 'role' ? (first.role ?? '') : first.id;
  throw new CliError(exits.usage, `There are several called "${plain(wish)}".`, 'Name one by its id.');
}

/** The account one belongs to: for those who have no list of accounts. */
async function ownTenant(panel: Client): Promise<string> {
  const { tenantId } = await panel.call('me.get', {});
  if (tenantId !== null) return tenantId;
  throw new CliError(exits.usage, 'You belong to no account.', 'Name one.');
}

function isCalled({ name, title, role, version, email, number }: Named, wish: string): boolean {
  if ([name, email, title, role].includes(wish)) return true;
  if (version !== undefined && `${name}/${version}` === wish) return true;
  return number !== undefined && (wish === String(number) || wish === `#${number}`);
}
