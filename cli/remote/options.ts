import { type Command, InvalidArgumentError } from 'commander';

/** Options that many verbs have. */
export const json = ['--json', 'for programs'] as const;
/** Those of a verb that asks for an operation. */
export const waiting = (command: Command) =>
  command
    .option('--wait', 'until it is done; without success the exit status is 6')
    .option('--cancel-on-interrupt', 'Ctrl-C while waiting cancels it; else it goes on');

/** The verb or noun of this word below; made when it is not there. */
export const wordOf = (parent: Command, word: string): Command =>
  parent.commands.find((one) => one.name() === word) ?? parent.command(word);

/** For an option that may be said again. */
export const list = (value: string, before: string[] | undefined) => [...(before ?? []), value];

export function positive(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return number;
}
