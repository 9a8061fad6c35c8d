/** The verbs that ask a panel, from anywhere: `berth login`, `berth ct …` and the rest. They need no root and no installation here. */
import { type Command, InvalidArgumentError } from 'commander';
import type { Bulk, Common, CreateOptions } from './containers.ts';
import { exits } from './exits.ts';
import type { ListName } from './lists.ts';
import type { HoldOptions, LabelOptions } from './rights.ts';

/** Words with which a list can be asked for. The lists themselves are loaded when they are. */
const listWords: Record<ListName, string> = {
  plan: 'plans',
  template: 'templates',
  tenant: 'tenants',
  reseller: 'resellers',
  server: 'servers of containers, as the panel knows them',
  op: 'operations',
  audit: 'who did what',
  webhook: 'webhooks',
  role: 'roles, built in and custom',
  label: 'labels in use',
  offer: 'containers offered to and by other accounts',
};

async function context() {
  const [{ client }, { account }, { processVoice }] = await Promise.all([
    import('./client.ts'),
    import('./settings.ts'),
    import('./output.ts'),
  ]);
  return { panel: client(account()), voice: processVoice };
}

const positive = (text: string) => {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return number;
};
const json = ['--json', 'for programs'] as const;
const wait = ['--wait', 'until it is done; without success the exit status is 6'] as const;

export function addRemoteCommands(program: Command): void {
  addAccount(program);
  addContainers(program);
  addLists(program);
  program
    .command('completion')
    .description('print completion for a shell: source <(berth completion bash)')
    .addArgument(program.createArgument('<shell>', 'which').choices(['bash', 'zsh']))
    .action(async (shell: 'bash' | 'zsh') => {
      const { completion } = await import('./completion.ts');
      process.stdout.write(completion(shell, program));
    });
}

function addAccount(program: Command): void {
  program
    .command('login')
    .description('sign in at a panel by your browser; BERTH_URL and BERTH_TOKEN do without')
    .argument('<address>', 'of the panel')
    .action(async (address) => {
      const { login } = await import('./login.ts');
      const { processVoice } = await import('./output.ts');
      await login(address, processVoice);
    });
  program
    .command('logout')
    .description('forget the token here')
    .action(async () => {
      const { logout } = await import('./login.ts');
      const { processVoice } = await import('./output.ts');
      logout(processVoice);
    });
  program
    .command('whoami')
    .description('who is signed in where')
    .option(...json)
    .action(async (options) => {
      const { whoami } = await import('./login.ts');
      const { processVoice } = await import('./output.ts');
      await whoami(processVoice, options);
    });
}

/** Verbs that take several containers and an empty wish. */
const bulk = {
  start: 'start containers',
  stop: 'stop containers; they stay stopped',
  restart: 'restart containers',
  kill: 'kill containers at once; they stay stopped',
  backup: 'back containers up',
  snapshot: 'make snapshots of containers',
} as const;

function addContainers(program: Command): void {
  const ct = program.command('ct').description('containers, by their names or ids').enablePositionalOptions();
  ct.command('list')
    .description('containers')
    .option('--q <text>', 'only those whose name has it')
    .option('--tenant <name>', 'only of this tenant')
    .option('--label <label>', 'only with this label')
    .option('--names', 'names only')
    .option(...json)
    .action(async (options) => (await import('./containers.ts')).list(await context(), options));
  ct.command('show')
    .description('one container')
    .argument('<container>')
    .option(...json)
    .action(async (name, options) => (await import('./containers.ts')).show(await context(), name, options));
  ct.command('create')
    .description('make a container')
    .argument('<name>')
    .requiredOption('--plan <name>', 'its plan')
    .requiredOption('--template <name>', 'its system, as name or name/version')
    .option('--tenant <name>', 'whose, for those who have several')
    .option('--ssh-key <file>', 'a public key that may log in')
    .option('--stopped', 'do not start it')
    .option(...json)
    .option(...wait)
    .action(async (name, options: CreateOptions) =>
      (await import('./containers.ts')).create(await context(), name, options),
    );
  for (const [verb, about] of Object.entries(bulk) as [keyof typeof bulk, string][]) {
    ct.command(verb)
      .description(about)
      .argument('[containers...]')
      .option('--all', 'all you may know of')
      .option('--label <label>', 'all that carry it')
      .option('--dry-run', 'say to which it would be done, and do nothing')
      .option('--keep-going', 'go on to the next one when one is refused')
      .option(...json)
      .option(...wait)
      .action(async (names: string[], options: Bulk) => {
        const at = await context();
        const { each } = await import('./containers.ts');
        await each(at, names, options, verb, ({ id }) => ask(at.panel, verb, id));
      });
  }
  addRights(ct);
  ct.command('delete')
    .description('delete a container with its files; its backups stay')
    .argument('<container>')
    .requiredOption('--name <name>', 'its name again')
    .option(...json)
    .option(...wait)
    .action(async (name, options: Common & { name: string }) => {
      const at = await context();
      const { containerOf, each } = await import('./containers.ts');
      const { CliError } = await import('./exits.ts');
      const found = await containerOf(at.panel, name);
      if (found.name !== options.name) throw new CliError(exits.usage, 'That is not its name; nothing was done.');
      await each(at, [found.id], options, 'delete', ({ id }) => at.panel.call('containers.delete', { params: { id } }));
    });
  ct.command('set')
    .description('move a container to another plan')
    .argument('<container>')
    .requiredOption('--plan <name>', 'the plan')
    .option(...json)
    .option(...wait)
    .action(async (name, options: Common & { plan: string }) =>
      (await import('./containers.ts')).setPlan(await context(), name, options),
    );
  ct.command('backups')
    .description('backups of a container, newest first')
    .argument('<container>')
    .option(...json)
    .action(async (name, options) => (await import('./containers.ts')).backups(await context(), name, options));
  ct.command('restore')
    .description('put the files of a backup in place of the present ones, which are kept for undo')
    .argument('<container>')
    .option('--backup <id>', 'which; the newest when none is named')
    .option(...json)
    .option(...wait)
    .action(async (name, options) => (await import('./containers.ts')).restore(await context(), name, options));
  ct.command('reinstall')
    .description('a fresh system; the files are kept at /old and for undo')
    .argument('<container>')
    .option('--template <name>', 'another system')
    .option('--reset-users', 'forget users, passwords and keys')
    .option('--yes', 'do it')
    .option(...json)
    .option(...wait)
    .action(async (name, options) => (await import('./containers.ts')).reinstall(await context(), name, options));
  ct.command('offer')
    .description('offer a container to another account, which takes it over when both sides say yes')
    .argument('<container>')
    .requiredOption('--to <address>', 'e-mail of the other account’s owner, or the account’s id')
    .option('--note <text>', 'a word to them')
    .option('--days <days>', 'how long it is good', positive)
    .option(...json)
    .action(async (name, options) => (await import('./offers.ts')).offer(await context(), name, options));
  ct.command('exec')
    .description('run a command inside; its output and exit status become this one’s')
    .passThroughOptions()
    .argument('<container>')
    .argument('<command...>', 'after --')
    .option(...json)
    .action(async (name, argv: string[], options) => {
      process.exitCode = await (await import('./containers.ts')).exec(await context(), name, argv, options);
    });
}

function addRights(ct: Command): void {
  ct.command('label')
    .description('add and remove labels; the others stay')
    .argument('[containers...]')
    .option('--add <labels...>', 'these more')
    .option('--remove <labels...>', 'these fewer')
    .option('--all', 'on all you may know of')
    .option('--label <label>', 'on all that carry it')
    .option('--dry-run', 'say on which it would be done, and do nothing')
    .option('--keep-going', 'go on to the next one when one is refused')
    .action(async (names: string[], options: LabelOptions) =>
      (await import('./rights.ts')).label(await context(), names, options),
    );
  addHolds(ct, 'container');
  ct.command('why')
    .description('why you may or may not do something to it; the exit status is 4 where you may not')
    .argument('<container>')
    .argument('<right>', 'such as container.start')
    .option(...json)
    .action(async (name, verb, options) => {
      process.exitCode = await (await import('./rights.ts')).why(await context(), name, verb, options);
    });
}

function addHolds(command: Command, over: 'container' | 'tenant'): void {
  const what = over === 'container' ? 'a container' : 'all of a tenant';
  command
    .command('hold')
    .description(`put ${what} on hold: its people can only look, and it is stopped`)
    .argument(`<${over}>`)
    .requiredOption('--reason <reason>', 'billing, abuse, reseller or provider')
    .option('--message <text>', 'shown to its people')
    .option('--leave-running', 'do not stop it')
    .action(async (name, options: HoldOptions) =>
      (await import('./rights.ts')).hold(await context(), over, name, options),
    );
  command
    .command('unhold')
    .description(`lift the hold of one reason on ${what}`)
    .argument(`<${over}>`)
    .requiredOption('--reason <reason>', 'billing, abuse, reseller or provider')
    .action(async (name, options: HoldOptions) =>
      (await import('./rights.ts')).unhold(await context(), over, name, options),
    );
}

function addOffers(command: Command): void {
  const offers = () => import('./offers.ts');
  command
    .command('show')
    .description('one offer: what comes along, whose keys are in it')
    .argument('<offer>', 'its id')
    .option(...json)
    .action(async (id, options) => (await offers()).show(await context(), id, options));
  command
    .command('accept')
    .description('take the container over')
    .argument('<offer>', 'its id')
    .option('--name <name>', 'what it is called with you')
    .option('--keep-keys', 'leave the giver’s ssh keys in')
    .option(...json)
    .option(...wait)
    .action(async (id, options) => (await offers()).accept(await context(), id, options));
  const about = {
    agree: 'consent to an offer that staff made of a container of yours',
    decline: 'say no',
    withdraw: 'take an offer back',
  } as const;
  for (const [verb, words] of Object.entries(about) as [keyof typeof about, string][]) {
    command
      .command(verb)
      .description(words)
      .argument('<offer>', 'its id')
      .option(...json)
      .action(async (id, options) => (await offers()).decide(await context(), verb, id, options));
  }
}

type Panel = Awaited<ReturnType<typeof context>>['panel'];

function ask(panel: Panel, verb: keyof typeof bulk, id: string) {
  const input = { params: { id }, body: {} };
  if (verb === 'backup') return panel.call('backups.create', input);
  if (verb === 'snapshot') return panel.call('snapshots.create', input);
  return panel.call(`containers.${verb}`, input);
}

function addServers(command: Command): void {
  command
    .command('lost')
    .description(
      'say what is lost with a server that is gone; with --name, mark it so: its containers can be had back elsewhere',
    )
    .argument('<server>', 'its name or id')
    .option('--name <name>', 'its name again: do it')
    .option('--container <names...>', 'only these of its containers')
    .option(...json)
    .action(async (name, options) => (await import('./servers.ts')).lost(await context(), name, options));
  command
    .command('reuse')
    .description('take a server that was marked as lost into use again; what was on it stays lost')
    .argument('<server>', 'its name or id')
    .action(async (name) => (await import('./servers.ts')).reuse(await context(), name));
}

function addLists(program: Command): void {
  for (const [word, about] of Object.entries(listWords) as [ListName, string][]) {
    // `audit` is there already: the record is verified on the machine that has it.
    const there = program.commands.find((one) => one.name() === word);
    const command = there ?? program.command(word).description(about);
    command
      .command('list')
      .description(`${about}, newest first`)
      .option('--limit <count>', 'how many at most', positive)
      .option(...json)
      .action(async (options) => (await import('./lists.ts')).listOf(await context(), word, options));
    if (word === 'server') addServers(command);
    if (word === 'tenant') addHolds(command, 'tenant');
    if (word === 'offer') addOffers(command);
    if (word !== 'op') continue;
    for (const verb of ['show', 'cancel', 'retry', 'undo'] as const) {
      command
        .command(verb)
        .description(`${verb} one operation`)
        .argument('<operation>', 'its id')
        .option(...json)
        .option(...wait)
        .action(async (id, options) => (await import('./lists.ts')).operation(await context(), verb, id, options));
    }
  }
  program
    .command('who')
    .description('who may do something to a container')
    .argument('<right>', 'such as container.console')
    .argument('<container>')
    .option(...json)
    .action(async (verb, name, options) => (await import('./rights.ts')).who(await context(), verb, name, options));
  program
    .command('api')
    .description('ask any address of the interface, as it is: berth api GET /containers')
    .argument('<method>')
    .argument('<path>', 'below /api/v1')
    .option('--body <json>', 'what to send')
    .action(async (method, path, options) => (await import('./lists.ts')).api(await context(), method, path, options));
}
