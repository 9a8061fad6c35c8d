import { InvalidArgumentError } from 'commander';

/** Options that many verbs have. */
export const json = ['--json', 'for programs'] as const;
export const waiting: (readonly [string, string])[] = [
  ['--wait', 'until it is done; without success the exit status is 6'],
  ['--cancel-on-interrupt', 'Ctrl-C while waiting cancels it; else it goes on'],
];

export function positive(text: string): number {
  const number = Number(text);
  if (!/^\d+$/.test(text) || number < 1) throw new InvalidArgumentError('It must be a whole number, 1 or more.');
  return number;
}
