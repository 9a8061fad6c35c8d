/** Makes docs/commands.md from the verbs themselves: `npm run commands`. A test compares what is there with what would be made. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { addRemoteCommands } from './remote/commands.ts';

const visible = (command: Command) =>
  command
    .createHelp()
    .visibleCommands(command)
    .filter((one) => one.name() !== 'help');
const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** All verbs that ask a panel. */
export async function remoteProgram(): Promise<Command> {
  const program = new Command('berth');
  await addRemoteCommands(program, null);
  return program;
}

function rows(command: Command, path: string): string[] {
  const below = visible(command);
  if (below.length > 0) return below.flatMap((one) => rows(one, `${path} ${one.name()}`));
  const places = command.registeredArguments.map((one) => {
    const name = `${one.name()}${one.variadic ? '…' : ''}`;
    return one.required ? `<${name}>` : `[${name}]`;
  });
  const options = command.options.map((one) => `\`${one.flags.replaceAll('|', '\\|')}\``);
  const usage = `\`${[path, ...places].join(' ').replaceAll('|', '\\|')}\``;
  return [`| ${usage} | ${cell(command.description())} | ${options.join(' ')} |`];
}

export async function referenceText(): Promise<string> {
  const program = await remoteProgram();
  const parts = visible(program).map((command) => {
    const title = visible(command).length > 0 ? `\n## ${command.name()}\n\n${cell(command.description())}\n\n` : '\n';
    const body = rows(command, `berth ${command.name()}`).join('\n');
    return { title, body, leaf: visible(command).length === 0 };
  });
  const head = '| | | options |\n|---|---|---|\n';
  const single = parts.filter((one) => one.leaf).map((one) => one.body);
  const nouns = parts.filter((one) => !one.leaf).map((one) => `${one.title}${head}${one.body}\n`);
  return `# Every verb of the command line that asks a panel

Made from the verbs themselves (\`npm run commands\`); how they are used is in [the command line](cli.md). \`berth <verb> --help\` says the same.

${head}${single.join('\n')}
${nouns.join('')}`;
}

export const referenceFile = join(import.meta.dirname, '../docs/commands.md');

if (import.meta.main) writeFileSync(referenceFile, await referenceText());
