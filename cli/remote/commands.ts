/** The verbs that ask a panel, from anywhere: `berth login`, `berth ct …` and the rest. They need no root and no installation here. */
import type { Command } from 'commander';
import { addContainers, addHolds } from './container-commands.ts';
import { context } from './context.ts';
import { nouns } from './nouns.ts';
import { json, waiting, wordOf } from './options.ts';

/** Other words for them, from before they had these. */
const olderWords: Readonly<Record<string, string>> = { op: 'operation', server: 'host' };

/**
 * Adds all of them. What belongs to a noun is loaded only when that is asked for, or when `said` (what was typed) needs all: completion, or
 * nothing given at all.
 */
export async function addRemoteCommands(program: Command, said: readonly string[] | null): Promise<void> {
  addAccount(program);
  addContainers(program);
  for (const [word, about] of Object.entries(nouns)) {
    // What an operator does on a host is there already, with words of its own.
    if (!program.commands.some((one) => one.name() === word)) program.command(word).description(about);
  }
  const word = said?.find((one) => !one.startsWith('-'));
  const noun = word === undefined ? undefined : (olderWords[word] ?? word);
  const all = said === null || word === 'completion';
  if (all || (noun !== undefined && (noun in nouns || noun === 'ct'))) {
    const { addSpecs } = await import('./tree.ts');
    addSpecs(program, all ? null : [noun ?? ''], context);
  }
  addHosts(wordOf(program, 'host'));
  addBackupFiles(wordOf(program, 'backup'));
  addOffers(wordOf(program, 'offer'));
  addHolds(wordOf(program, 'tenant'), 'tenant');
  program
    .command('who')
    .description('who may do something to a container')
    .argument('<right>', 'such as container.console')
    .argument('<container>')
    .option(...json)
    .action(async (verb, name, options) => (await import('./rights.ts')).who(await context(), verb, name, options));
  for (const [older, newer] of Object.entries(olderWords)) {
    if (word === older) wordOf(program, newer).alias(older);
  }
  program
    .command('api')
    .description('ask any address of the interface, as it is: berth api GET /containers')
    .argument('<method>')
    .argument('<path>', 'below /api/v1')
    .option('--body <json>', 'what to send')
    .action(async (method, path, options) => (await import('./api.ts')).api(await context(), method, path, options));
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

function addOffers(command: Command): void {
  const offers = () => import('./offers.ts');
  command
    .command('show')
    .description('one offer: what comes along, whose keys are in it')
    .argument('<offer>', 'its id')
    .option(...json)
    .action(async (id, options) => (await offers()).show(await context(), id, options));
  const accept = command
    .command('accept')
    .description('take the container over')
    .argument('<offer>', 'its id')
    .option('--name <name>', 'what it is called with you')
    .option('--keep-keys', 'leave the giver’s ssh keys in');
  waiting(accept.option(...json)).action(async (id, options) => (await offers()).accept(await context(), id, options));
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

function addBackupFiles(command: Command): void {
  command
    .command('ls')
    .description('what is in a folder of a backup')
    .argument('<backup>')
    .argument('[path]', 'the folder', '/')
    .option(...json)
    .action(async (id, path, options) => (await import('./files.ts')).ls(await context(), id, path, options, 'backup'));
  command
    .command('get')
    .description('download a file of a backup, or a folder as tar')
    .argument('<backup>')
    .argument('<path>')
    .option('-o, --output <file>', 'where to; - is standard output')
    .option('--force', 'over a file that is there')
    .action(async (id, path, options) =>
      (await import('./files.ts')).get(await context(), id, path, options, 'backup'),
    );
}

function addHosts(command: Command): void {
  command
    .command('lost')
    .description(
      'say what is lost with a server that is gone; with --name, mark it so: its containers can be had back elsewhere',
    )
    .argument('<host>', 'its name or id')
    .option('--name <name>', 'its name again: do it')
    .option('--container <names...>', 'only these of its containers')
    .option(...json)
    .action(async (name, options) => (await import('./servers.ts')).lost(await context(), name, options));
  command
    .command('reuse')
    .description('take a server that was marked as lost into use again; what was on it stays lost')
    .argument('<host>', 'its name or id')
    .action(async (name) => (await import('./servers.ts')).reuse(await context(), name));
}
