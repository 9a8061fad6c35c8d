/**
 * The few commands a simulated container understands, so that people developing without root, and the contract's tests,
 * have something to talk to. Not a shell: words, quotes, `;`, `&&`, `>` and `>>`, nothing else.
 */
import type { Files } from './world.ts';

export type Machine = {
  read(path: string): string | undefined;
  files: Files;
  /** Null removes; false where nothing may be written. */
  write(path: string, content: string | null): boolean;
  hostname(): string;
  setHostname(name: string): void;
  /** Called for `reboot` and `poweroff`. */
  end(status: number): void;
};
export type Done = { exitCode: number; stdout: string; stderr: string; sleepMs: number };

const token = /\s+|'([^']*)'|"([^"]*)"|(&&|>>|[;>\n])|([^\s'";>&]+)/gy;

type Word = { text: string; operator: boolean };

function words(script: string): Word[] {
  const result: Word[] = [];
  token.lastIndex = 0;
  for (let match = token.exec(script); match !== null; match = token.exec(script)) {
    const [, single, double, operator, bare] = match;
    if (operator !== undefined) result.push({ text: operator, operator: true });
    else if (single !== undefined || double !== undefined || bare !== undefined) {
      result.push({ text: single ?? double ?? bare ?? '', operator: false });
    }
  }
  return result;
}

/** Runs an argument array; `sh -c` goes through the little parser above. */
export function execute(machine: Machine, argv: readonly string[]): Done {
  const [program = '', flag, script] = argv;
  if (/(^|\/)(sh|bash)$/.test(program) && flag === '-c' && script !== undefined) return runScript(machine, script);
  return command(machine, argv);
}

export function runScript(machine: Machine, script: string): Done {
  const total: Done = { exitCode: 0, stdout: '', stderr: '', sleepMs: 0 };
  let argv: string[] = [];
  let target: { path: string; append: boolean } | undefined;
  let skip = false;
  const all = [...words(script), { text: ';', operator: true }];
  for (let index = 0; index < all.length; index += 1) {
    const { text, operator } = all[index] ?? { text: ';', operator: true };
    if (!operator) argv.push(text);
    else if (text === '>' || text === '>>') {
      target = { path: all[index + 1]?.text ?? '', append: text === '>>' };
      index += 1;
    } else {
      if (argv.length > 0 && !skip) step(machine, argv, target, total);
      skip = text === '&&' && total.exitCode !== 0;
      argv = [];
      target = undefined;
    }
  }
  return total;
}

function step(machine: Machine, argv: string[], target: { path: string; append: boolean } | undefined, total: Done) {
  const done = command(machine, argv);
  total.exitCode = done.exitCode;
  total.stderr += done.stderr;
  total.sleepMs += done.sleepMs;
  if (target === undefined) total.stdout += done.stdout;
  else if (!machine.write(target.path, (target.append ? (machine.read(target.path) ?? '') : '') + done.stdout)) {
    total.exitCode = 1;
    total.stderr += `sh: ${target.path}: Read-only file system\n`;
  }
}

function command(machine: Machine, [program = '', ...args]: readonly string[]): Done {
  const say = (stdout: string, exitCode = 0, stderr = ''): Done => ({ exitCode, stdout, stderr, sleepMs: 0 });
  const paths = args.filter((word) => !word.startsWith('-'));
  switch (program.split('/').at(-1)) {
    case 'true':
    case 'sync':
      return say('');
    case 'false':
      return say('', 1);
    case 'echo':
      return say(`${args.join(' ')}\n`);
    case 'hostname':
      if (args[0] !== undefined) machine.setHostname(args[0]);
      return say(args[0] === undefined ? `${machine.hostname()}\n` : '');
    case 'id':
      return say(args[0] === '-u' ? '0\n' : 'uid=0(root) gid=0(root) groups=0(root)\n');
    case 'uname':
      return say('Linux\n');
    case 'sleep':
      return { ...say(''), sleepMs: Number(args[0] ?? 0) * 1000 };
    case 'cat': {
      const missing = paths.find((path) => machine.read(path) === undefined);
      if (missing !== undefined) return say('', 1, `cat: ${missing}: No such file or directory\n`);
      return say(paths.map((path) => machine.read(path)).join(''));
    }
    case 'test':
      return say('', args[0] === '-e' && machine.read(args[1] ?? '') !== undefined ? 0 : 1);
    case 'rm':
      if (paths.every((path) => machine.write(path, null))) return say('');
      return say('', 1, 'rm: Read-only file system\n');
    case 'ls':
      return say(list(machine, paths[0] ?? '/'));
    case 'systemctl':
      return say(args[0] === 'is-system-running' ? 'running\n' : '');
    case 'reboot':
      machine.end(129);
      return say('');
    case 'poweroff':
      machine.end(130);
      return say('');
    case 'exit':
      return say('', Number(args[0] ?? 0));
    default:
      return say('', 127, `${program}: not found\n`);
  }
}

function list(machine: Machine, directory: string): string {
  const below = directory.endsWith('/') ? directory : `${directory}/`;
  const present = Object.keys(machine.files).filter((path) => path.startsWith(below) && machine.files[path] !== null);
  const names = new Set(present.map((path) => path.slice(below.length).split('/')[0]));
  return [...names]
    .sort()
    .map((name) => `${name}\n`)
    .join('');
}
