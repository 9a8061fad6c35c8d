/** The verbs of specs/ as commands. */
import { type Command, Option } from 'commander';
import { addresses } from '#clients/typescript/api.ts';
import type { Context } from './asking.ts';
import { type Given, optionsOf, placesOf, run } from './generic.ts';
import { json, list, positive, waiting, wordOf } from './options.ts';
import { specs } from './specs/all.ts';
import type { Spec } from './specs/spec.ts';

/** Adds the verbs of these nouns, all of them when none is named. `context`: made when a verb is run. */
export function addSpecs(program: Command, nouns: readonly string[] | null, context: () => Promise<Context>): void {
  for (const spec of specs) {
    const [noun = ''] = spec.words.split(' ');
    if (nouns === null || nouns.includes(noun)) addSpec(program, spec, context);
  }
}

function addSpec(program: Command, spec: Spec, context: () => Promise<Context>): void {
  const words = spec.words.replace(/ <.*/, '').split(' ');
  const verb = words.pop() ?? '';
  const parent = words.reduce(wordOf, program);
  const address = addresses[spec.route];
  const about = spec.about ?? address.summary.charAt(0).toLowerCase() + address.summary.slice(1);
  // Words at the top are there beforehand; a verb of a noun is there once, or commander says so.
  const command = (parent === program ? wordOf(parent, verb) : parent.command(verb)).description(about);
  const places = placesOf(spec);
  for (const place of places) command.argument(`<${place}>`);
  addOptions(command, spec);
  command.action(async (...given: unknown[]) => {
    const said = given.slice(0, places.length) as string[];
    await run(await context(), spec, said, given[places.length] as Given);
  });
}

function addOptions(command: Command, spec: Spec): void {
  const { method, status, query = {}, body, bytes } = addresses[spec.route];
  for (const { word, of, noun } of optionsOf(spec)) {
    const about = of.about ?? (noun === null ? '' : `${noun}, by name or id`);
    const many = of.shape === 'strings' || word === 'role';
    if (of.shape === 'boolean') {
      command.option(`--${word}`, about).option(`--no-${word}`, about === '' ? '' : `not ${about}`);
      continue;
    }
    const value = noun ?? (of.shape === 'number' ? 'number' : of.shape === 'json' && !many ? 'json' : 'value');
    const option = new Option(`--${word} <${value}>`, about);
    if (many) option.argParser(list);
    else if (of.choices !== undefined && of.choices.length < 20) option.choices(of.choices.map(String));
    command.addOption(option);
  }
  if (spec.file !== undefined) command.requiredOption('--file <file>', spec.file);
  if (bytes === 'answer') command.option('-o, --output <file>', 'where to; - is standard output');
  if (body !== undefined) {
    command.option('--set <name=value>', 'any field, also inside another: resources.cpuCores=2', list);
    command.option('--data <json>', 'what to send, as JSON; @file or - for standard input');
  }
  if (method === 'GET' && query.limit !== undefined) command.option('--limit <count>', 'how many at most', positive);
  command.option(...json);
  if (status === 202 || spec.route === 'operations.get') waiting(command);
}
