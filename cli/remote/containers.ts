/** `berth ct …`: the verbs of containers. */
import { readFileSync } from 'node:fs';
import type { Container, Operation } from '#clients/typescript/api.ts';
import type { Client, Input } from './client.ts';
import { CliError, exits } from './exits.ts';
import { plain, table, type Voice, waitFor } from './output.ts';

export type Common = { json?: boolean; wait?: boolean };
export type Bulk = Common & { all?: boolean; label?: string; dryRun?: boolean; keepGoing?: boolean };
type Context = { panel: Client; voice: Voice };

const idShape = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The container of this id or name. Throws when there is none, or when several tenants have one of the name. */
export async function containerOf(panel: Client, name: string): Promise<Container> {
  if (idShape.test(name)) return await panel.call('containers.get', { params: { id: name } });
  const found = await panel.all('containers.list', { query: { q: name } });
  const [one, ...more] = found.filter((container) => container.name === name);
  if (one === undefined) throw new CliError(exits.notAllowed, `There is no container "${plain(name)}".`);
  if (more.length === 0) return one;
  const ids = [one, ...more].map((container) => `${container.id} (${plain(container.tenantName)})`).join(', ');
  throw new CliError(exits.usage, `Several containers are called "${plain(name)}": ${ids}`, 'Name one by its id.');
}

/** The thing of this id or name in a list, for plans, templates and tenants. */
export async function named(
  panel: Client,
  route: 'plans.list' | 'templates.list' | 'tenants.list',
  wish: string,
): Promise<string> {
  if (idShape.test(wish)) return wish;
  const items = await panel.all(route, {});
  const fits = items.filter(
    (item) => item.name === wish || ('version' in item && `${item.name}/${item.version}` === wish),
  );
  const [first, ...more] = fits;
  const kind = route.split('.')[0]?.slice(0, -1) ?? '';
  if (first === undefined) throw new CliError(exits.notAllowed, `There is no ${kind} "${plain(wish)}".`);
  // Lists are newest first; of templates of one name the newest version is meant.
  if (more.length > 0 && route !== 'templates.list') {
    throw new CliError(exits.usage, `There are several called "${plain(wish)}".`, 'Name one by its id.');
  }
  return first.id;
}

export async function list(
  { panel, voice }: Context,
  options: Common & { q?: string; tenant?: string; label?: string; names?: boolean },
) {
  const tenantId = options.tenant === undefined ? undefined : await named(panel, 'tenants.list', options.tenant);
  const query = {
    ...(options.q === undefined ? {} : { q: options.q }),
    ...(tenantId === undefined ? {} : { tenantId }),
    ...(options.label === undefined ? {} : { label: options.label }),
  };
  const items = await panel.all('containers.list', { query });
  if (options.json) return voice.out(JSON.stringify(items, null, 2));
  if (options.names) return items.forEach((one) => void voice.out(plain(one.name)));
  const rows = items.map((one) => [
    one.name,
    one.state,
    one.planName,
    one.template.title,
    one.addresses[0],
    one.tenantName,
  ]);
  voice.out(table(['NAME', 'STATE', 'PLAN', 'SYSTEM', 'ADDRESS', 'TENANT'], rows));
}

export async function show({ panel, voice }: Context, name: string, options: Common) {
  const one = await containerOf(panel, name);
  if (options.json) return voice.out(JSON.stringify(one, null, 2));
  const facts: [string, unknown][] = [
    ['Name', one.name],
    ['Id', one.id],
    ['State', one.operation === null ? one.state : `${one.state} (${one.operation.kind} under way)`],
    ['Tenant', one.tenantName],
    ['Plan', one.planName],
    ['System', one.template.title],
    ['Addresses', one.addresses.join(', ') || null],
    ['Log in', one.ssh],
    ['Labels', one.labels.join(', ') || null],
    ['Last backup', one.lastBackupAt],
    ...one.holds.map((hold): [string, unknown] => ['Hold', `${hold.reason}: ${hold.message ?? ''}`]),
  ];
  voice.out(facts.map(([key, value]) => `${key.padEnd(12)} ${plain(value)}`).join('\n'));
}

export type CreateOptions = Common & {
  plan: string;
  template: string;
  tenant?: string;
  sshKey?: string;
  stopped?: boolean;
};

export async function create(context: Context, name: string, options: CreateOptions) {
  const { panel } = context;
  const me = options.tenant === undefined ? await panel.call('me.get', {}) : null;
  const tenantId = options.tenant === undefined ? me?.tenantId : await named(panel, 'tenants.list', options.tenant);
  if (tenantId === null || tenantId === undefined) {
    throw new CliError(exits.usage, 'Say for which tenant.', 'Use --tenant <name or id>.');
  }
  const body: Input<'containers.create'>['body'] = {
    name,
    tenantId,
    planId: await named(panel, 'plans.list', options.plan),
    templateId: await named(panel, 'templates.list', options.template),
    start: options.stopped !== true,
    sshKeys: options.sshKey === undefined ? [] : [readFileSync(options.sshKey, 'utf8').trim()],
  };
  await finish(context, await panel.call('containers.create', { body }), options);
}

/** Says the operation, or its end when that is waited for. */
async function finish({ panel, voice }: Context, started: Operation, options: Common): Promise<void> {
  const operation = options.wait ? await waitFor(panel, started, voice) : started;
  if (options.json) return voice.out(JSON.stringify(operation, null, 2));
  const name = plain(operation.containerName ?? operation.containerId);
  voice.out(
    options.wait
      ? `${name}: ${operation.kind} ${operation.state}`
      : `${name}: ${operation.kind} asked for (operation ${operation.id})`,
  );
}

/** Does one thing to several containers, one after the other. Ends at the first that is refused, unless told to go on. */
export async function each(
  context: Context,
  names: readonly string[],
  options: Bulk,
  what: string,
  work: (container: Container) => Promise<Operation>,
): Promise<void> {
  const chosen = await chosenOf(context.panel, names, options);
  await eachOf(context, chosen, options, what, async (container) => finish(context, await work(container), options));
}

/** The containers that are named; or all one may know of, or those of them with a label. */
export async function chosenOf(panel: Client, names: readonly string[], options: Bulk): Promise<Container[]> {
  const { all = false, label } = options;
  const ways = [names.length > 0, all, label !== undefined].filter(Boolean).length;
  if (ways !== 1) throw new CliError(exits.usage, 'Name containers, or use --all, or --label.');
  if (label !== undefined) return await panel.all('containers.list', { query: { label } });
  if (all) return await panel.all('containers.list', {});
  const chosen: Container[] = [];
  for (const name of names) chosen.push(await containerOf(panel, name));
  return chosen;
}

/** {@link each} for what is no operation. */
export async function eachOf(
  { voice }: Context,
  chosen: readonly Container[],
  options: Bulk,
  what: string,
  work: (container: Container) => Promise<void>,
): Promise<void> {
  if (options.dryRun === true) {
    return voice.out(
      chosen.map((one) => `would ${what} ${plain(one.name)} (${one.state})`).join('\n') || `nothing to ${what}`,
    );
  }
  let failure: CliError | undefined;
  for (const container of chosen) {
    try {
      await work(container);
    } catch (error) {
      if (!(error instanceof CliError) || options.keepGoing !== true) throw error;
      voice.err(`berth: ${plain(container.name)}: ${error.message}`);
      failure ??= error;
    }
  }
  if (failure !== undefined) throw new CliError(failure.exit, 'Not all of it was done.');
}

export async function backups({ panel, voice }: Context, name: string, options: Common) {
  const { id } = await containerOf(panel, name);
  const items = await panel.all('backups.list', { params: { id } });
  if (options.json) return voice.out(JSON.stringify(items, null, 2));
  voice.out(
    table(
      ['ID', 'MADE', 'STATE', 'NAME'],
      items.map((one) => [one.id, one.createdAt, one.state, one.name || null]),
    ),
  );
}

/** Restores a backup by id, or the newest whole one of a container. */
export async function restore(context: Context, name: string, options: Common & { backup?: string }) {
  const { panel } = context;
  const { id } = await containerOf(panel, name);
  const whole = (await panel.all('backups.list', { params: { id } })).filter((one) => one.state === 'complete');
  const backup = options.backup === undefined ? whole[0]?.id : whole.find((one) => one.id === options.backup)?.id;
  if (backup === undefined) throw new CliError(exits.notAllowed, `${plain(name)} has no such backup.`);
  await finish(context, await panel.call('backups.restore', { params: { id: backup }, body: {} }), options);
}

export async function reinstall(
  context: Context,
  name: string,
  options: Common & { template?: string; resetUsers?: boolean; yes?: boolean },
) {
  const { panel } = context;
  const { id } = await containerOf(panel, name);
  if (options.yes !== true) {
    throw new CliError(
      exits.usage,
      `This puts a fresh system into ${plain(name)}; its files are kept at /old for as long as its plan says.`,
      'Say --yes to do it.',
    );
  }
  const template =
    options.template === undefined ? {} : { templateId: await named(panel, 'templates.list', options.template) };
  const body = { ...template, ...(options.resetUsers === true ? { resetUsers: true } : {}) };
  await finish(context, await panel.call('containers.reinstall', { params: { id }, body }), options);
}

export async function setPlan(context: Context, name: string, options: Common & { plan: string }) {
  const { panel } = context;
  const { id } = await containerOf(panel, name);
  const planId = await named(panel, 'plans.list', options.plan);
  await finish(context, await panel.call('containers.configure', { params: { id }, body: { planId } }), options);
}

/** Runs a command inside; its output and its exit status are this command's own. */
export async function exec({ panel, voice }: Context, name: string, argv: string[], options: Common): Promise<number> {
  const { id } = await containerOf(panel, name);
  const result = await panel.call('containers.exec', { params: { id }, body: { argv } });
  if (options.json) {
    voice.out(JSON.stringify(result, null, 2));
    return exits.done;
  }
  if (result.stdout !== '') voice.out(result.stdout.replace(/\n$/, ''));
  if (result.stderr !== '') voice.err(result.stderr.replace(/\n$/, ''));
  return result.exitCode ?? exits.failed;
}
