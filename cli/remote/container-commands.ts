/** `berth ct …`: how its verbs are typed. What they do is loaded when they are run. */
import { type Command, Option } from 'commander';
import type { Context } from './asking.ts';
import type { Changes, Repair } from './change.ts';
import type { Bulk, CreateOptions, Restore } from './containers.ts';
import { context } from './context.ts';
import { exits } from './exits.ts';
import { json, list, positive, waiting } from './options.ts';
import type { HoldOptions, LabelOptions } from './rights.ts';
import type { Export, Import } from './transfers.ts';

const policies = ['never', 'on-failure', 'always'];

/** Verbs that take several containers and an empty wish. */
const bulk = {
  start: 'start containers',
  stop: 'stop containers; they stay stopped',
  restart: 'restart containers',
  kill: 'kill containers at once; they stay stopped',
  backup: 'back containers up',
  snapshot: 'make snapshots of containers: instant, on their server, no backups',
} as const;
type BulkVerb = keyof typeof bulk;
type Wish = Bulk & { name?: string; note?: string; protect?: boolean; timeout?: number };

function ask(panel: Context['panel'], verb: BulkVerb, id: string, { name, note, protect, timeout }: Wish) {
  const params = { id };
  const named = name === undefined ? {} : { name };
  const timeoutMs = timeout === undefined ? {} : { timeoutMs: timeout * 1000 };
  if (verb === 'backup') {
    const body = {
      ...named,
      ...(note === undefined ? {} : { note }),
      ...(protect === true ? { protected: true } : {}),
    };
    return panel.call('backups.create', { params, body });
  }
  if (verb === 'snapshot') return panel.call('snapshots.create', { params, body: named });
  if (verb === 'stop' || verb === 'restart') return panel.call(`containers.${verb}`, { params, body: timeoutMs });
  return panel.call(`containers.${verb}`, { params, body: {} });
}

const done = (command: Command) => waiting(command.option(...json));

export function addContainers(program: Command): void {
  const ct = program.command('ct').description('containers, by their names or ids').enablePositionalOptions();
  addReading(ct);
  addLife(ct);
  addLadder(ct);
  addOffer(ct);
  addInside(ct);
  addTransfers(ct);
  addRights(ct);
}

function addReading(ct: Command): void {
  ct.command('list')
    .description('containers')
    .option('--q <text>', 'only those whose name, host name or address has it')
    .option('--state <state>', 'only in this state')
    .option('--tenant <name>', 'only of this tenant')
    .option('--host <name>', 'only on this server')
    .option('--plan <name>', 'only on this plan')
    .option('--label <label>', 'only with this label')
    .option('--deleted', 'those that were deleted and can be had back')
    .option('--names', 'names only')
    .option(...json)
    .action(async (options) => (await import('./containers.ts')).list(await context(), options));
  ct.command('show')
    .description('one container')
    .argument('<container>')
    .option(...json)
    .action(async (name, options) => (await import('./containers.ts')).show(await context(), name, options));
  ct.command('backups')
    .description('backups of a container, newest first')
    .argument('<container>')
    .option(...json)
    .action(async (name, options) => (await import('./containers.ts')).backups(await context(), name, options));
}

function addLife(ct: Command): void {
  const create = ct
    .command('create')
    .description('make a container')
    .argument('<name>')
    .requiredOption('--plan <name>', 'its plan')
    .requiredOption('--template <name>', 'its system, as name or name/version')
    .option('--tenant <name>', 'whose, for those who have several')
    .option('--host <name>', 'on which server; else the panel chooses')
    .option('--ssh-key <file>', 'public keys that may log in; may be said again', list)
    .option('--root-password <password>', 'of root inside; - asks for it')
    .addOption(new Option('--restart-policy <policy>', 'when it ends by itself').choices(policies))
    .option('--stopped', 'do not start it');
  done(create).action(async (name, options: CreateOptions) =>
    (await import('./containers.ts')).create(await context(), name, options),
  );
  for (const [verb, about] of Object.entries(bulk) as [BulkVerb, string][]) {
    const command = ct
      .command(verb)
      .description(about)
      .argument('[containers...]')
      .option('--all', 'all you may know of')
      .option('--label <label>', 'all with this label')
      .option('--dry-run', 'say to which it would be done, and do nothing')
      .option('--keep-going', 'go on to the next one when one is refused');
    if (verb === 'backup' || verb === 'snapshot') command.option('--name <name>', 'what to call it');
    if (verb === 'backup') command.option('--note <note>', 'about it').option('--protect', 'never rotate it');
    if (verb === 'stop' || verb === 'restart') {
      command.option('--timeout <seconds>', 'how long its init may take before it is killed', positive);
    }
    done(command).action(async (names: string[], options: Wish) => {
      const at = await context();
      const { each } = await import('./containers.ts');
      await each(at, names, options, verb, ({ id }) => ask(at.panel, verb, id, options));
    });
  }
  const remove = ct
    .command('delete')
    .description('delete a container with its files; its backups stay')
    .argument('<container>')
    .requiredOption('--name <name>', 'its name again');
  done(remove).action(async (name, options: Bulk & { name: string }) => {
    const at = await context();
    const { each } = await import('./containers.ts');
    const { containerOf } = await import('./names.ts');
    const { CliError } = await import('./exits.ts');
    const found = await containerOf(at.panel, name);
    if (found.name !== options.name) throw new CliError(exits.usage, 'That is not its name; nothing was done.');
    await each(at, [found.id], options, 'delete', ({ id }) => at.panel.call('containers.delete', { params: { id } }));
  });
  const set = ct
    .command('set')
    .description('change a container; what is not said stays')
    .argument('<container>')
    .option('--plan <name>', 'move it to this plan, live')
    .option('--hostname <name>', 'its host name inside')
    .option('--ssh-key <file>', 'these public keys instead of those it has; may be said again', list)
    .option('--root-password <password>', 'of root inside; - asks for it')
    .addOption(new Option('--restart-policy <policy>', 'when it ends by itself').choices(policies))
    .option('--label <label>', 'these labels instead of those it has; may be said again', list)
    .option('--no-label', 'no labels')
    .option('--backup-location <name>', 'where its backups go; none: where its plan says');
  done(set).action(async (name, options: Changes) => (await import('./change.ts')).set(await context(), name, options));
}

function addLadder(ct: Command): void {
  const restore = ct
    .command('restore')
    .description('put the files of a backup in place of the present ones, which are kept for undo')
    .argument('<container>')
    .option('--backup <id>', 'which; the newest when none is named')
    .option('--path <path>', 'only this file or folder, while it goes on; may be said again', list)
    .option('--to <folder>', 'these into another folder')
    .addOption(new Option('--mode <mode>', 'where something is there').choices(['overwrite', 'keep-both', 'missing']));
  done(restore).action(async (name, options: Restore) =>
    (await import('./containers.ts')).restore(await context(), name, options),
  );
  const reinstall = ct
    .command('reinstall')
    .description('a fresh system; the files are kept at /old and for undo')
    .argument('<container>')
    .option('--template <name>', 'another system')
    .option('--reset-users', 'forget users, passwords and keys')
    .option('--no-keep-old', 'do not show the old files at /old')
    .option('--yes', 'do it');
  done(reinstall).action(async (name, options) =>
    (await import('./containers.ts')).reinstall(await context(), name, options),
  );
  const repair = ct
    .command('repair')
    .description('boot a rescue system in its place, its files at /repair')
    .argument('<container>')
    .option('--read-only', 'its files cannot be changed')
    .option('--keys', 'log in with its ssh keys, not with a password for once')
    .option('--hours <count>', 'then it ends by itself', positive)
    .option('--finish', 'end it: its own system comes back')
    .option('--extend', 'more time, --hours from now');
  done(repair).action(async (name, options: Repair) =>
    (await import('./change.ts')).repair(await context(), name, options),
  );
  const recover = ct
    .command('recover')
    .description('put files back as the template has them; the changed ones go into the trash')
    .argument('<container>')
    .argument('[paths...]')
    .option('--all-system-files', 'whatever the system itself consists of');
  done(recover).action(async (name, paths: string[], options) =>
    (await import('./change.ts')).recover(await context(), name, paths, options),
  );
}

function addOffer(ct: Command): void {
  ct.command('offer')
    .description('offer a container to another account, which takes it over when both sides say yes')
    .argument('<container>')
    .requiredOption('--to <address>', 'e-mail of the other account’s owner, or the account’s id')
    .option('--note <text>', 'a word to them')
    .option('--days <days>', 'how long it is good', positive)
    .option(...json)
    .action(async (name, options) => (await import('./offers.ts')).offer(await context(), name, options));
}

function addInside(ct: Command): void {
  ct.command('exec')
    .description('run a command inside; its output and exit status become this one’s')
    .passThroughOptions()
    .argument('<container>')
    .argument('<command...>', 'after --')
    .option(...json)
    .action(async (name, argv: string[], options) => {
      process.exitCode = await (await import('./containers.ts')).exec(await context(), name, argv, options);
    });
  ct.command('console')
    .description('a console inside, at this terminal; Ctrl-] leaves, and what runs goes on')
    .argument('<container>')
    .option('--escape <key>', 'another key that leaves, with Ctrl')
    .option('--session <id>', 'a session of before')
    .action(async (name, options) => {
      process.exitCode = await (await import('./console.ts')).openConsole(await context(), name, options);
    });
  const files = ct.command('files').description('files of a container');
  const verb = (name: string, about: string) => files.command(name).description(about).argument('<container>');
  const it = () => import('./files.ts');
  verb('ls', 'what is in a folder')
    .argument('[path]', 'the folder', '/')
    .option(...json)
    .action(async (name, path, options) => (await it()).ls(await context(), name, path, options));
  verb('get', 'download a file, or a folder as tar; what was cut off goes on')
    .argument('<path>')
    .option('-o, --output <file>', 'where to; - is standard output')
    .option('--force', 'over a file that is there')
    .action(async (name, path, options) => (await it()).get(await context(), name, path, options));
  verb('put', 'upload a file; asked again after an interruption it goes on')
    .argument('<file>')
    .argument('<path>', 'where to; a folder ends in /')
    .option('--no-force', 'not over a file that is there')
    .option(...json)
    .action(async (name, file, path, options) => (await it()).put(await context(), name, file, path, options));
  verb('rm', 'delete files or folders into the trash')
    .argument('<paths...>')
    .option('--permanently', 'past the trash: gone at once')
    .option(...json)
    .action(async (name, paths, options) => (await it()).rm(await context(), name, paths, options));
  for (const [word, about] of [
    ['mv', 'move or rename'],
    ['cp', 'copy'],
  ] as const) {
    verb(word, about)
      .argument('<path>')
      .argument('<to>')
      .option(...json)
      .action(async (name, path, to, options) => (await it())[word](await context(), name, path, to, options));
  }
  verb('mkdir', 'make a folder')
    .argument('<path>')
    .option(...json)
    .action(async (name, path, options) => (await it()).mkdir(await context(), name, path, options));
  verb('chmod', 'change permissions and owners')
    .argument('<paths...>')
    .option('--mode <octal>', 'permissions, like 0644')
    .option('--user <name>', 'owner')
    .option('--group <name>', 'group')
    .option('--recursive', 'and all that is in them')
    .option(...json)
    .action(async (name, paths, options) => (await it()).chmod(await context(), name, paths, options));
  verb('trash', 'what was deleted and is still kept')
    .option(...json)
    .action(async (name, options) => (await it()).trash(await context(), name, options));
  verb('put-back', 'take things out of the trash, by their ids there')
    .argument('<ids...>')
    .option(...json)
    .action(async (name, ids, options) => (await it()).putBack(await context(), name, ids, options));
  verb('empty-trash', 'what is in the trash is gone for good')
    .option(...json)
    .action(async (name, options) => (await it()).emptyTrash(await context(), name, options));
}

function addTransfers(ct: Command): void {
  const out = ct
    .command('export')
    .description('one file of it as it is now (tar.zst): made, waited for and downloaded')
    .argument('<container>')
    .option('-o, --output <file>', 'where to')
    .option('--force', 'over a file that is there')
    .option(...json)
    .option('--cancel-on-interrupt', 'Ctrl-C while it is made cancels it; else it goes on');
  out.action(async (name, options: Export) =>
    (await import('./transfers.ts')).exportTo(await context(), name, options),
  );
  const come = ct
    .command('import')
    .description('make a container of an exported file, or of a root file system as tar')
    .argument('<file>')
    .argument('<name>')
    .requiredOption('--plan <name>', 'its plan')
    .option('--tenant <name>', 'whose, for those who have several')
    .option('--host <name>', 'on which server; else the panel chooses')
    .option('--ssh-key <file>', 'public keys that may log in; may be said again', list)
    .option('--stopped', 'do not start it');
  done(come).action(async (file, name, options: Import) => {
    const { keysIn } = await import('./containers.ts');
    await (await import('./transfers.ts')).importFrom(await context(), file, name, options, keysIn(options.sshKey));
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
    .option(...json)
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

export function addHolds(command: Command, over: 'container' | 'tenant'): void {
  const what = over === 'container' ? 'a container' : 'all of a tenant';
  const reasons = () =>
    new Option('--reason <reason>', 'whose it is').choices(['billing', 'abuse', 'reseller', 'provider']);
  command
    .command('hold')
    .description(`put ${what} on hold: its people can only look, and it is stopped`)
    .argument(`<${over}>`)
    .addOption(reasons().makeOptionMandatory())
    .option('--message <text>', 'shown to its people')
    .option('--leave-running', 'do not stop it')
    .option(...json)
    .action(async (name, options: HoldOptions) =>
      (await import('./rights.ts')).hold(await context(), over, name, options),
    );
  command
    .command('unhold')
    .description(`lift the hold of one reason on ${what}`)
    .argument(`<${over}>`)
    .addOption(reasons().makeOptionMandatory())
    .option(...json)
    .action(async (name, options: HoldOptions) =>
      (await import('./rights.ts')).unhold(await context(), over, name, options),
    );
}
