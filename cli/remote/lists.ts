/** `berth op|plan|template|tenant|reseller|server|audit|webhook …`: what is there, and the little that is done to it. */
import type { Client, Name as RouteName } from './client.ts';
import { plain, table, type Voice, waitFor } from './output.ts';

type Context = { panel: Client; voice: Voice };
type Column = readonly [title: string, of: (item: Record<string, unknown>) => unknown];
const field = (name: string) => (item: Record<string, unknown>) => item[name];
const inside = (name: string, inner: string) => (item: Record<string, unknown>) =>
  (item[name] as Record<string, unknown> | null)?.[inner];

/** Lists that are shown as they come, by the word they are asked for with. */
export const lists = {
  plan: {
    route: 'plans.list',
    about: 'plans',
    columns: [
      ['NAME', field('name')],
      ['PRICE', field('price')],
      ['CORES', inside('resources', 'cpuCores')],
      ['MEMORY', inside('resources', 'memoryBytes')],
      ['DISK', inside('resources', 'diskBytes')],
      ['ID', field('id')],
    ],
  },
  template: {
    route: 'templates.list',
    about: 'templates',
    columns: [
      ['NAME', field('name')],
      ['VERSION', field('version')],
      ['TITLE', field('title')],
      ['ID', field('id')],
    ],
  },
  tenant: {
    route: 'tenants.list',
    about: 'tenants',
    columns: [
      ['NAME', field('name')],
      ['CONTAINERS', field('containers')],
      ['ID', field('id')],
    ],
  },
  reseller: {
    route: 'resellers.list',
    about: 'resellers',
    columns: [
      ['NAME', field('name')],
      ['TENANTS', field('tenants')],
      ['CONTAINERS', inside('used', 'maxContainers')],
      ['OF', inside('quota', 'maxContainers')],
      ['ID', field('id')],
    ],
  },
  server: {
    route: 'hosts.list',
    about: 'hosts of containers',
    columns: [
      ['NAME', field('name')],
      ['HEALTH', field('health')],
      ['CONTAINERS', field('containers')],
      ['ID', field('id')],
    ],
  },
  op: {
    route: 'operations.list',
    about: 'operations, newest first',
    columns: [
      ['ID', field('id')],
      ['KIND', field('kind')],
      ['CONTAINER', field('containerName')],
      ['STATE', field('state')],
      ['ASKED FOR', field('queuedAt')],
      ['BY', inside('actor', 'name')],
    ],
  },
  audit: {
    route: 'audit.list',
    about: 'who did what, newest first',
    columns: [
      ['AT', field('at')],
      ['WHO', inside('actor', 'name')],
      ['WHAT', field('verb')],
      ['TO', field('targetName')],
      ['OUTCOME', field('outcome')],
    ],
  },
  offer: {
    route: 'handovers.list',
    about: 'containers offered to and by other accounts, newest first',
    columns: [
      ['ID', field('id')],
      ['CONTAINER', field('containerName')],
      ['FROM', field('from')],
      ['TO', field('to')],
      ['STATE', field('state')],
      ['UNTIL', field('expiresAt')],
    ],
  },
  webhook: {
    route: 'webhooks.list',
    about: 'webhooks',
    columns: [
      ['ID', field('id')],
      ['ADDRESS', field('url')],
      ['ON', field('enabled')],
      ['PROBLEM', field('problem')],
    ],
  },
  role: {
    route: 'roles.list',
    about: 'roles, built in and custom',
    columns: [
      ['TITLE', field('title')],
      ['COPY OF', field('base')],
      ['RIGHTS', (item) => (item.permissions as unknown[]).length],
      ['ROLE', field('role')],
    ],
  },
  label: {
    route: 'labels.list',
    about: 'labels in use',
    columns: [
      ['LABEL', field('label')],
      ['CONTAINERS', field('containers')],
    ],
  },
} as const satisfies Record<string, { route: RouteName; about: string; columns: readonly Column[] }>;
export type ListName = keyof typeof lists;

const mostUnlessAsked = 200;

export async function listOf({ panel, voice }: Context, name: ListName, options: { json?: boolean; limit?: number }) {
  const { route, columns } = lists[name];
  const items = await panel.all(route, {}, options.limit ?? mostUnlessAsked);
  if (options.json) return voice.out(JSON.stringify(items, null, 2));
  voice.out(
    table(
      columns.map(([title]) => title),
      items.map((item) => columns.map(([, of]) => of(item))),
    ),
  );
}

export async function operation(
  { panel, voice }: Context,
  verb: 'show' | 'cancel' | 'retry' | 'undo',
  id: string,
  options: { json?: boolean; wait?: boolean },
) {
  const asked = await panel.call(
    verb === 'show' ? 'operations.get' : `operations.${verb}`,
    verb === 'show' ? { params: { id } } : ({ params: { id }, body: {} } as never),
  );
  const result = options.wait ? await waitFor(panel, asked, voice) : asked;
  if (options.json) return voice.out(JSON.stringify(result, null, 2));
  voice.out(`${result.kind} of ${plain(result.containerName)}: ${result.state}`);
  for (const step of result.steps) voice.out(`  ${step.title}: ${step.state}`);
  if (result.error !== null) voice.out(`  ${plain(result.error.detail)}`);
}

/** Any address of the interface, as it is: for what has no verb here yet. */
export async function api({ panel, voice }: Context, method: string, path: string, options: { body?: string }) {
  const body: unknown = options.body === undefined ? undefined : JSON.parse(options.body);
  const at = path.startsWith('/') ? path.replace(/^\/api\/v1(?=\/)/, '') : `/${path}`;
  const answer = await panel.raw(method.toUpperCase(), at, body);
  if (answer !== null) voice.out(JSON.stringify(answer, null, 2));
}
