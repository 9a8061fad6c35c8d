import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = resolve(import.meta.dirname, '..');
const folders = ['app', 'lib', 'server', 'agent', 'cli', 'clients'];

type Violation = { rule: { name: string }; from: string; to: string };

function cruise(directory: string): Violation[] {
  const program = join(root, 'node_modules/.bin/depcruise');
  const present = folders.filter((folder) => readdirSync(directory).includes(folder));
  let output: string;
  try {
    output = execFileSync(program, ['--config', '.dependency-cruiser.cjs', '--output-type', 'json', ...present], {
      cwd: directory,
      encoding: 'utf8',
      maxBuffer: 256 * 1024 * 1024,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  } catch (error) {
    output = (error as { stdout: string }).stdout; // violations make it exit with their number
  }
  return (JSON.parse(output) as { summary: { violations: Violation[] } }).summary.violations;
}

/** One planted violation of every rule: file → its only line. */
const planted: Record<string, { file: string; line: string; also?: Record<string, string> }> = {
  'no-cycles': {
    file: 'lib/a/one.ts',
    line: "import { two } from './two.ts'; export const one = () => two;",
    also: { 'lib/a/two.ts': "import { one } from './one.ts'; export const two = () => one;" },
  },
  'client-stands-alone': { file: 'clients/typescript/bad.ts', line: "import 'node:fs';" },
  'language-in-the-browser-too': { file: 'lib/language/bad.ts', line: "import 'node:fs';" },
  'contract-stands-alone': { file: 'lib/contract/bad.ts', line: "import 'pg';" },
  'agent-knows-only-the-contract': {
    file: 'agent/actions/portal.ts',
    line: "import '../../lib/tenants/list.ts';",
    also: { 'lib/tenants/list.ts': 'export {};' },
  },
  'one-door-to-the-system': { file: 'agent/actions/door.ts', line: "import 'node:child_process';" },
  'lib-below-app': {
    file: 'lib/tenants/up.ts',
    line: "import '../../app/page.ts';",
    also: { 'app/page.ts': 'export {};' },
  },
  'one-importer-of-next-auth': { file: 'app/login.ts', line: "import 'next-auth';" },
  'agent-client-for-workflows': {
    file: 'app/direct.ts',
    line: "import '../lib/agent-client/client.ts';",
    also: { 'lib/agent-client/client.ts': 'export {};' },
  },
  'interface-knows-contract-only': { file: 'app/_ui/button.ts', line: "import '../../lib/tenants/list.ts';" },
  'access-is-pure': { file: 'lib/access/impure.ts', line: "import 'pg';" },
  'product-free-of-tests': {
    file: 'agent/actions/fake.ts',
    line: "import '../../tests/support/fake.ts';",
    also: { 'tests/support/fake.ts': 'export {};' },
  },
  ...Object.fromEntries(
    [
      'runtime',
      'cgroups',
      'layers',
      'volumes',
      'rootfs',
      'network',
      'backup',
      'templates',
      'console',
      'metrics',
      'monitor',
      'lxcfs',
      'files',
    ].map((name) => {
      const other = name === 'runtime' ? 'network' : 'runtime';
      return [
        `adapter-${name}-alone`,
        {
          file: `agent/${name}/neighbour.ts`,
          line: `import '../${other}/plan.ts';`,
          also: { [`agent/${other}/plan.ts`]: 'export {};' },
        },
      ];
    }),
  ),
};

describe('layer rules', () => {
  let directory = '';
  let caught: Violation[] = [];

  beforeAll(() => {
    directory = mkdtempSync(join(tmpdir(), 'berth-architecture-'));
    symlinkSync(join(root, 'node_modules'), join(directory, 'node_modules'));
    for (const file of ['.dependency-cruiser.cjs', 'tsconfig.json', 'package.json'])
      cpSync(join(root, file), join(directory, file));
    for (const { file, line, also } of Object.values(planted)) {
      for (const [name, content] of [[file, line] as const, ...Object.entries(also ?? {})]) {
        mkdirSync(dirname(join(directory, name)), { recursive: true });
        writeFileSync(join(directory, name), `${content}\n`);
      }
    }
    caught = cruise(directory);
  }, 120_000);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  it('has a planted violation for every rule', () => {
    const config = readFileSync(join(root, '.dependency-cruiser.cjs'), 'utf8');
    const names = [...config.matchAll(/name: '([a-z-]+)'/g)].map((match) => match[1]);
    expect(names.length).toBeGreaterThan(8);
    for (const name of names) expect(planted).toHaveProperty(String(name));
  });

  it.each(Object.entries(planted))('catches a violation of %s', (rule, { file }) => {
    expect(caught.filter((violation) => violation.rule.name === rule).map((violation) => violation.from)).toContain(
      file,
    );
  });

  it('finds none in the project', () => {
    expect(cruise(root).map((v) => `${v.rule.name}: ${v.from} → ${v.to}`)).toEqual([]);
  }, 120_000);
});

/** Functions of node:fs that change nothing. Everything else belongs behind agent/sys. */
const reads = new Set([
  'readFileSync',
  'readdirSync',
  'existsSync',
  'statSync',
  'lstatSync',
  'statfsSync',
  'readlinkSync',
  'realpathSync',
  'watch',
  'createReadStream',
  'accessSync',
  'constants',
  'openSync',
  'readSync',
  'closeSync',
  'fstatSync',
  'readFile',
  'readdir',
  'stat',
  'lstat',
  'realpath',
]);

function writersOf(source: string): string[] {
  const found: string[] = [];
  for (const match of source.matchAll(/import\s+(type\s+)?([^;]*?)\s+from\s+'(?:node:)?fs(?:\/promises)?'/g)) {
    if (match[1] !== undefined) continue;
    const names = /^\{([^}]*)\}$/s.exec(String(match[2]).trim());
    if (names === null) found.push(`the whole module (${match[2]})`);
    else
      for (const part of String(names[1]).split(',')) {
        const name = part.trim().split(/\s+as\s+/)[0] ?? '';
        if (name !== '' && !name.startsWith('type ') && !reads.has(name)) found.push(name);
      }
  }
  return found;
}

describe('file writes of the agent', () => {
  it('are seen by this check', () => {
    expect(writersOf("import { readFileSync, writeFileSync } from 'node:fs';")).toEqual(['writeFileSync']);
    expect(writersOf("import * as fs from 'node:fs';")).toHaveLength(1);
  });

  it('go through agent/sys only', () => {
    const offenders = readdirSync(join(root, 'agent'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.ts') && !file.startsWith('sys/'))
      .flatMap((file) =>
        writersOf(readFileSync(join(root, 'agent', file), 'utf8')).map((name) => `agent/${file}: ${name}`),
      );
    expect(offenders).toEqual([]);
  });
});
