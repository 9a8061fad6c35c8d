/** `berth ct …`: the verbs of containers. */
import { readFileSync } from 'node:fs';
import type { Container, Operation } from '#clients/typescript/api.ts';
import { type Common, type Context, finish } from './asking.ts';
import type { Client, Input } from './client.ts';
import { CliError, exits } from './exits.ts';
import { containerOf, idOf, type Noun, tenantOf } from './names.ts';
import { plain, table } from './output.ts';
import { encoded } from './paths.ts';
import { readSecret } from './secret.ts';
import { time } from './show.ts';

export type Bulk = Common & { all?: boolean; label?: string; dryRun?: boolean; keepGoing?: boolean };

type Query = NonNullable<Input<'containers.list'>['query']>;
export type Filters = Pick<Query, 'q' | 'state' | 'label'> & {
  tenant?: string;
  host?: string;
  plan?: string;
  deleted?: boolean;
};

async function queryOf(panel: Client, { q, state, label, tenant, host, plan, deleted }: Filters): Promise<Query> {
  const id = async (noun: Noun, name?: string) => (name === undefined ? undefined : await idOf(panel, noun, name));
  const [tenantId, hostId, planId] = await Promise.all([id('tenant', tenant), id('host', host), id('plan', plan)]);
  return { q, state, label, tenantId, hostId, planId, deleted: deleted === true ? 'true' : undefined };
}

export async function list({ panel, voice }: Context, options: Common & Filters & { names?: boolean }) {
  const { json, names, deleted } = options;
  const items = await panel.all('containers.list', { query: await queryOf(panel, options) });
  if (json) return voice.out(JSON.stringify(items, null, 2));
  if (names) return items.forEach((one) => void voice.out(plain(one.name)));
  const rows = items.map((one) => [
    one.name,
    one.state,
    one.planName,
    one.template.title,
    one.addresses[0],
    one.tenantName,
    ...(deleted === true ? [time(one.deleted?.until), one.id] : []),
  ]);
  const head = ['NAME', 'STATE', 'PLAN', 'SYSTEM', 'ADDRESS', 'TENANT'];
  voice.out(table(deleted === true ? [...head, 'UNTIL', 'ID'] : head, rows));
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
    ['Server', one.hostName],
    ['Labels', one.labels.join(', ') || null],
    ['Restarts', one.restartPolicy],
    ['Last backup', time(one.lastBackupAt)],
    ...one.holds.map((hold): [string, unknown] => ['Hold', `${hold.reason}: ${hold.message ?? ''}`]),
  ];
  voice.out(facts.map(([key, value]) => `${key.padEnd(12)} ${plain(value)}`).join('\n'));
}

export type CreateOptions = Common & {
  plan: string;
  template: string;
  tenant?: string;
  host?: string;
  sshKey?: string[];
  rootPassword?: string;
  restartPolicy?: 'never' | 'on-failure' | 'always';
  stopped?: boolean;
};

export async function create(context: Context, name: string, options: CreateOptions) {
  const { panel } = context;
  const [tenantId, planId, templateId, hostId] = await Promise.all([
    tenantOf(panel, options.tenant),
    idOf(panel, 'plan', options.plan),
    idOf(panel, 'template', options.template),
    options.host === undefined ? undefined : idOf(panel, 'host', options.host),
  ]);
  const body: Input<'containers.create'>['body'] = {
    ...{ name, tenantId, planId, templateId, hostId },
    start: options.stopped !== true,
    sshKeys: keysIn(options.sshKey),
    ...(options.rootPassword === undefined ? {} : { rootPassword: await password(options.rootPassword) }),
    ...(options.restartPolicy === undefined ? {} : { restartPolicy: options.restartPolicy }),
  };
  await finish(context, await panel.call('containers.create', { body }), options);
}

/** Public keys in files, a line each. */
export function keysIn(files: readonly string[] = []): string[] {
  return files.flatMap((file) => readFileSync(file, 'utf8').split('\n')).filter((line) => /^[a-z]/.test(line.trim()));
}

/** `-`: asked for, so that nobody on the machine reads it in the list of processes. */
export const password = async (said: string) => (said === '-' ? await readSecret('root password') : said);

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
    const brief = chosen.map(({ id, name, state }) => ({ id, name, state }));
    if (options.json) return voice.out(JSON.stringify(brief, null, 2));
    return voice.out(
      chosen.map((one) => `would ${what} ${plain(one.name)} (${one.state})`).join('\n') || `nothing to ${what}`,
    );
  }
  let failure: CliError | undefined;
  for (const container of chosen) {
    try {
      await work(container);
    } catch (error) {
      if (!(error instanceof CliError) || options.keepGoing !== true || error.exit === exits.interrupted) throw error;
      voice.err(`berth: ${plain(container.name)}: ${error.message}`);
      failure ??= error;
    }
  }
  if (failure !== undefined) throw new CliError(failure.exit, 'Not all of it was done.');
}

export async function backups({ panel, voice }: Context, name: string, options: Common) {
  const id = await idOf(panel, 'container', name);
  const items = await panel.all('backups.list', { params: { id } });
  if (options.json) return voice.out(JSON.stringify(items, null, 2));
  voice.out(
    table(
      ['ID', 'MADE', 'STATE', 'NAME'],
      items.map((one) => [one.id, one.createdAt, one.state, one.name || null]),
    ),
  );
}

export type Restore = Common & {
  backup?: string;
  path?: string[];
  to?: string;
  mode?: 'overwrite' | 'keep-both' | 'missing';
};

/** Restores a backup by id, or the newest whole one of a container: all of it, or only what is named. */
export async function restore(context: Context, name: string, options: Restore) {
  const { panel } = context;
  const id = await idOf(panel, 'container', name);
  const whole = (await panel.all('backups.list', { params: { id } })).filter((one) => one.state === 'complete');
  const backup = options.backup === undefined ? whole[0]?.id : whole.find((one) => one.id === options.backup)?.id;
  if (backup === undefined) throw new CliError(exits.notAllowed, `${plain(name)} has no such backup.`);
  const { path: paths, to, mode } = options;
  if (paths === undefined && (to !== undefined || mode !== undefined)) {
    throw new CliError(exits.usage, '--to and --mode go with --path.');
  }
  const body =
    paths === undefined
      ? {}
      : {
          paths: paths.map(encoded),
          ...(to === undefined ? {} : { target: encoded(to) }),
          ...(mode === undefined ? {} : { mode }),
        };
  await finish(context, await panel.call('backups.restore', { params: { id: backup }, body }), options);
}

export async function reinstall(
  context: Context,
  name: string,
  options: Common & { template?: string; resetUsers?: boolean; keepOld?: boolean; yes?: boolean },
) {
  const { panel } = context;
  const id = await idOf(panel, 'container', name);
  if (options.yes !== true) {
    throw new CliError(
      exits.usage,
      `This puts a fresh system into ${plain(name)}; its files are kept at /old for as long as its plan says.`,
      'Say --yes to do it.',
    );
  }
  const template =
    options.template === undefined ? {} : { templateId: await idOf(panel, 'template', options.template) };
  const keepOld = options.keepOld !== false;
  const body = { ...template, keepOld, ...(options.resetUsers === true ? { resetUsers: true } : {}) };
  await finish(context, await panel.call('containers.reinstall', { params: { id }, body }), options);
}

/** Runs a command inside; its output and its exit status are this command's own. */
export async function exec({ panel, voice }: Context, name: string, argv: string[], options: Common): Promise<number> {
  const id = await idOf(panel, 'container', name);
  const command = argv[0] === '--' ? argv.slice(1) : argv;
  const result = await panel.call('containers.exec', { params: { id }, body: { argv: command } });
  if (options.json) {
    voice.out(JSON.stringify(result, null, 2));
    return exits.done;
  }
  if (result.stdout !== '') voice.out(result.stdout.replace(/\n$/, ''));
  if (result.stderr !== '') voice.err(result.stderr.replace(/\n$/, ''));
  return result.exitCode ?? exits.failed;
}
