/** `./berth`: what an operator does on a host. The launcher has already brought Node and the packages. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { demoNames } from '#server/setup/demo-names.ts';
import { addRemoteCommands } from './remote/commands.ts';
import { CliError, exits } from './remote/exits.ts';
import { lines } from './remote/output.ts';

function portNumber(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65535)
    throw new InvalidArgumentError('It must be a port, 1 to 65535.');
  return port;
}

const countUpTo =
  (most: number, least = 0) =>
  (text: string) => {
    const count = Number(text);
    if (!/^\d+$/.test(text) || count > most || count < least)
      throw new InvalidArgumentError(`It must be a whole number, ${least} to ${most}.`);
    return count;
  };

const program = new Command('berth')
  .description('A self-service panel for OS containers')
  .showHelpAfterError()
  .enablePositionalOptions()
  .option('-V, --version', 'print the version of this checkout, and its commit')
  // What was typed makes no sense: 2, as docs/cli.md says. Asking for help is no mistake.
  .exitOverride((error) => process.exit(error.exitCode === 0 ? exits.done : exits.usage))
  .addHelpText('after', '\nThe state lies in /var/lib/berth; BERTH_STATE names another directory.');

// Each verb's module is loaded only when it is called: a verb must not fail because of another's needs.
program
  .command('up')
  .description('set up and start everything; run it again to mend or upgrade')
  .option('--bind <address>', 'listen on this address instead of loopback (then without demo accounts)')
  .option('--port <port>', 'port of the pages and the interface', portNumber)
  .option('--base-url <url>', 'the address people type: needed behind a proxy, on 0.0.0.0, and for a name')
  .option('--tls-cert <file>', 'serve TLS with this certificate chain (PEM)')
  .option('--tls-key <file>', 'its key (PEM)')
  .option(
    '--tls-dir <directory>',
    'certificates of other names: NAME.crt and NAME.key, or as certbot has them; "" for none',
  )
  .option('--behind-proxy', 'a proxy on this machine does TLS')
  .option('--workers <count>', 'how many worker processes run operations here, 1 to 4', countUpTo(4, 1))
  .option('--name <name>', 'name of the installation')
  .option('--instance <id>', 'two to four letters or digits in the names of all objects on this host')
  .option('--agent-port <port>', 'port of the agent, on loopback', portNumber)
  .option('--postgres-port <port>', 'port of the database, on loopback', portNumber)
  .option('--subnet <cidr>', "containers' network")
  .option('--forward-address <ip>', 'where port forwards listen, if not where the pages do; "" for there')
  .option('--forward-ports <first-last>', 'which ports they may use')
  .addOption(new Option('--id-base <number>', "first id of the containers' ranges").argParser(Number))
  .action(async (options) => (await import('./up.ts')).up(options));
program
  .command('upgrade')
  .description('run the installation from this checkout; goes back by itself when that fails')
  .action(async () => (await import('./upgrade.ts')).upgrade());
program
  .command('down')
  .description('stop the portal and the agent; with --purge also remove everything')
  .option('--purge', 'remove containers, data, mounts, networks and files of this installation')
  .option(
    '--name <name>',
    'the name of the installation: needed to purge while there are containers that "up" did not make',
  )
  .action(async (options) => (await import('./down.ts')).down(options));
program
  .command('test')
  .description('run every check and test')
  .option('--deep', 'also the files that take long: about an hour in all')
  .option('--full', 'also the long suites: hours')
  .option(
    '--within <minutes>',
    'as much of the long ones, others each day, as ends so many minutes from now',
    countUpTo(600, 1),
  )
  .option('--vm', 'instead: the agent and the whole set-up on stock Debian kernels, in emulated guests')
  .option('--only <suites>', 'only these, separated by commas')
  .action(async (options) => (await import('./test.ts')).test(options));
program
  .command('bench')
  .description('measure this machine: Berth beside plain tools that do the same work')
  .option('--only <parts>', 'only these, separated by commas')
  .option('--quick', 'measure less often')
  .option('--json <file>', 'where to save the figures')
  .option('--compare <file>', 'show the figures of an earlier run beside')
  .action(async (options) => (await import('./bench.ts')).bench(options));
program
  .command('dev')
  .description('work on Berth: hot reload and a simulated host, no root needed')
  .option('--port <port>', 'port of the pages', portNumber, 3000)
  .action(async (options) => (await import('./dev.ts')).dev(options));
program
  .command('status')
  .description('what runs')
  .option('--json', 'for programs')
  .action(async (options) => (await import('./status.ts')).status(options));
program
  .command('doctor')
  .description('what is wrong with this machine and the installation, why it matters, and how it is mended')
  .option('--fix', 'mend what can be mended without losing anything or stopping a container')
  .option('--json', 'for programs')
  .action(async (options) => (await import('./doctor.ts')).doctor(options));
program
  .command('logs')
  .description('follow the logs')
  .argument('[service]', 'postgres, worker, worker-2, web, agent, keeper or supervisor')
  .option('--no-follow', 'only the last lines')
  .option('-n, --lines <count>', 'how many lines to begin with', '50')
  .action(async (service, options) => (await import('./logs.ts')).logs(service, options));
const local = program
  .command('local')
  .description('the containers of this host by its agent alone, when the portal is gone');
local
  .command('list')
  .description('all containers of this host')
  .option('--json', 'for programs')
  .action(async (options) => (await import('./local.ts')).list(options));
local
  .command('status')
  .description('the agent and its host, or one container')
  .argument('[container]', 'its id, the beginning of it, or its name')
  .option('--json', 'for programs')
  .action(async (container, options) => (await import('./local.ts')).status(container, options));
const onContainer = (verb: string, description: string) =>
  local
    .command(verb)
    .description(description)
    .argument('<container>', 'its id, the beginning of it, or its name')
    .option('--json', 'for programs');
onContainer('start', 'start a container; it is kept running').action(async (container, options) =>
  (await import('./local.ts')).start(container, options),
);
onContainer('stop', 'stop a container; it stays stopped')
  .option('--timeout <seconds>', 'how long its init may take before it is killed', countUpTo(600), 60)
  .action(async (container, options) => (await import('./local.ts')).stop(container, options));
onContainer('kill', 'kill a container at once; it stays stopped').action(async (container, options) =>
  (await import('./local.ts')).kill(container, options),
);
onContainer('logs', 'the end of what a container has printed since its boot')
  .option('--bytes <count>', 'how much of it', countUpTo(1024 * 1024), 65_536)
  .action(async (container, options) => (await import('./local.ts')).logs(container, options));
onContainer('thaw', 'let a container go on whose disk was left frozen').action(async (container, options) =>
  (await import('./local.ts')).thaw(container, options),
);
program
  .command('token')
  .description('print a bearer token of a demo account')
  .addArgument(program.createArgument('<who>', 'whose').choices([...demoNames]))
  .action(async (who) => (await import('./token.ts')).token(who));
const hostCommand = program.command('host').description('hosts of containers');
hostCommand
  .command('join')
  .description('let this machine join an installation with a single-use token')
  .requiredOption('--portal <url>', "the portal's address")
  .requiredOption('--token <token>', 'the token')
  .option('--address <url>', 'where the portal reaches this agent')
  .action(async (options) => (await import('./host.ts')).join(options));
hostCommand
  .command('token')
  .description('print a single-use token with which a host of this name joins, also one that is known')
  .argument('<name>', 'name of the host')
  .action(async (name) => (await import('./host.ts')).token(name));
program
  .command('engine')
  .description('the bundle of runc, criu and restic')
  .command('lock')
  .description('write engine.lock.json anew from the packages of today')
  .action(async () => (await import('./engine.ts')).lock());
const panel = program.command('panel').description('backups of the panel itself: database, keys, secrets');
const keyFile = [
  '--key-file <file>',
  'file with the recovery key; without it the key is read from standard input',
] as const;
panel
  .command('backup')
  .description('make one now')
  .option('--to <directory>', 'there instead of where they go every night')
  .action(async (options) => (await import('./panel.ts')).backup(options));
panel
  .command('verify')
  .description('open one with the recovery key and load its database beside; changes nothing')
  .argument('[file]', 'the newest, when none is named')
  .option(...keyFile)
  .action(async (file, options) => (await import('./panel.ts')).verify(file, options));
panel
  .command('restore')
  .description('bring the panel back from one; then "up" starts it')
  .argument('<file>')
  .option(...keyFile)
  .option('--replace', 'put the installation that is here aside')
  .option('--port <port>', 'another port for the pages', portNumber)
  .option('--agent-port <port>', 'another port for the agent', portNumber)
  .option('--postgres-port <port>', 'another port for the database', portNumber)
  .action(async (file, options) => (await import('./panel.ts')).restore(file, options));
panel
  .command('new-key')
  .description('make a new recovery key and show it once; backups made before still need the old one')
  .action(async () => (await import('./panel.ts')).newKey());
program
  .command('audit')
  .description('the record of who did what')
  .command('verify')
  .description('compute its chain anew and compare it with what the hosts keep; exit status 1 when it is not whole')
  .option('--json', 'for programs')
  .action(async (options) => (await import('./audit.ts')).verify(options));
program
  .command('backups')
  .description('backups of containers')
  .command('prune')
  .description('delete at an append-only location what has been deleted in the panel')
  .argument('<location>', 'its name or id')
  .option('--url <url>', 'where the maintenance role reaches it, if elsewhere')
  .action(async (location, options) => (await import('./prune.ts')).prune(location, options));
program
  .command('recovery-key')
  .description('print what opens the backups when this installation is lost')
  .action(async () => (await import('./recovery-key.ts')).recoveryKey());
program
  .command('reset-factor <e-mail>')
  .description('take the second factor of somebody who lost it, when no other administrator can')
  .action(async (email) => (await import('./reset-factor.ts')).resetFactor(email));
program
  .command('mounts', { hidden: true })
  .description('mount what must be there before the services start (for systemd)')
  .action(async () => (await import('./mounts.ts')).mounts());

await addRemoteCommands(program, process.argv.slice(2));

try {
  if (['-V', '--version'].includes(process.argv[2] ?? '')) await (await import('./version.ts')).version();
  else await program.parseAsync();
} catch (error) {
  if (process.env.BERTH_DEBUG) console.error(error);
  console.error(lines(`berth: ${error instanceof Error ? error.message : String(error)}`));
  if (error instanceof CliError && error.remedy !== undefined) console.error(lines(error.remedy));
  process.exitCode = error instanceof CliError ? error.exit : exits.failed;
}
