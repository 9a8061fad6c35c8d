import { spawn } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildPages, bundleAgent } from '#server/setup/build.ts';
import { nodeBinary, repoDir } from '#server/setup/context.ts';
import { ensureEngine, sharedEngineDir } from '#server/setup/engine.ts';
import { seconds } from '#server/setup/steps.ts';
import { type Counts, countsIn, together, verdict } from './test-counts.ts';
import { failuresIn } from './test-failures.ts';
import { dayOfYear, longParts, type Part, sampleOf } from './test-sample.ts';

const bin = (name: string) => join(repoDir, 'node_modules', name);

type Suite = {
  name: string;
  argv: readonly string[];
  /** How its output tells passed from failed; `exit`: one check, by exit status. */
  counts: 'exit' | 'vitest' | 'playwright';
  /** The suite is this directory's files; it fails when there are none, for then it proves nothing. */
  needs?: string;
  /** Only with this option. */
  only?: 'full' | 'vm';
  /**
   * It goes beside the others, one such after the other, and its output follows when it has ended: there are two processors, and one browser, one compiler or one test at a time leaves half of them idle.
   * `everyday`: at the deeper levels it has them for itself, for there they are busy as it is.
   */
  beside?: true | 'everyday';
  env?: Record<string, string>;
};

const vitest = (project: string): Suite => ({
  name: project,
  argv: [bin('vitest/vitest.mjs'), 'run', '--project', project, '--reporter', 'default', '--no-color'],
  counts: 'vitest',
  needs: `tests/${project}`,
});

const sampled = ({ name, files, env }: Part): Suite => {
  const long = vitest('long');
  return { ...long, name: `long/${name}`, argv: [...long.argv, files], env };
};

/** Everything `./berth test` runs, cheapest first; with --vm only what is marked so: it takes hours and needs qemu. */
export const suites: readonly Suite[] = [
  { name: 'types', argv: [bin('typescript-native/bin/tsc'), '--noEmit'], counts: 'exit', beside: true },
  { name: 'style', argv: [bin('@biomejs/biome/bin/biome'), 'check', '.'], counts: 'exit', beside: true },
  {
    name: 'layers',
    argv: [
      bin('dependency-cruiser/bin/dependency-cruiser.mjs'),
      ...['--config', '.dependency-cruiser.cjs', 'app', 'lib', 'server', 'agent', 'cli', 'clients', 'tests'],
    ],
    counts: 'exit',
    beside: true,
  },
  { ...vitest('unit'), beside: true },
  vitest('integration'),
  vitest('contract'),
  { ...vitest('long'), only: 'full' },
  {
    name: 'e2e',
    argv: [bin('@playwright/test/cli.js'), 'test', '--reporter=list,json'],
    counts: 'playwright',
    needs: 'tests/e2e',
    beside: 'everyday',
  },
  { ...vitest('vm'), only: 'vm' },
];

const hasTests = (directory: string): boolean =>
  existsSync(directory) &&
  readdirSync(directory, { recursive: true, withFileTypes: true }).some(
    (entry) => entry.isFile() && /\.(test|spec)\.tsx?$/.test(entry.name),
  );

/** The programs that run now: they hear of an interruption, so that tests can clean up. */
const running = new Set<ReturnType<typeof spawn>>();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    interrupted = true;
    for (const child of running) child.kill(signal);
  });
}
let interrupted = false;

type Ended = { code: number | null; output: string };

type Say = (text: string) => void;

function execute(argv: readonly string[], env: Record<string, string>, say: Say): Promise<Ended> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(nodeBinary, argv, {
      cwd: repoDir,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0', CI: '1', ...env },
    });
    running.add(child);
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        output += text;
        say(text);
      });
    }
    const end = (ended: Ended) => {
      running.delete(child);
      resolve(ended);
    };
    child.on('error', (error) => end({ code: null, output: error.message }));
    child.on('close', (code) => end({ code, output }));
  });
}

/** `wrong`: what failed, also if only at first, a line each. */
type Outcome = { counts: Counts; wrong: string[] };

async function runSuite(suite: Suite, env: Record<string, string>, say: Say): Promise<Outcome> {
  if (suite.needs !== undefined && !hasTests(join(repoDir, suite.needs))) {
    const wrong = `${suite.needs} has no tests: that is a failure, not a success.`;
    say(`${wrong}\n`);
    return { counts: { passed: 0, failed: 1, skipped: 0, unsteady: 0 }, wrong: [wrong] };
  }
  if (suite.counts !== 'exit') return runTests(suite, suite.counts, env, say);
  const { code, output } = await execute(suite.argv, env, say);
  return { counts: countsIn('exit', output, code), wrong: code === 0 ? [] : lastLines(output) };
}

const lastLines = (output: string): string[] =>
  output
    .split('\n')
    .filter((line) => line.trim() !== '')
    .slice(-20);

/**
 * The machine's other work can break a test that waits on the kernel. So files in which something failed run once more, by
 * themselves (those of Playwright, which has tried each twice by then, on an installation that is new); what passes then counts as passed
 * and is named, for an unsteady test is a defect too.
 */
async function runTests(
  suite: Suite,
  kind: 'vitest' | 'playwright',
  env: Record<string, string>,
  say: Say,
): Promise<Outcome> {
  const directory = mkdtempSync(join(tmpdir(), 'berth-test-'));
  try {
    const report = join(directory, 'report.json');
    // Without a file Playwright prints its report among the words for people.
    const withReport = { ...env, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    const { code, output } = await execute(
      kind === 'vitest' ? [...suite.argv, '--reporter', 'json', '--outputFile.json', report] : suite.argv,
      withReport,
      say,
    );
    const counts = countsIn(kind, output, code);
    const failures = failuresIn(kind, report);
    const wrong = failures?.tests ?? (counts.failed > 0 ? lastLines(output) : []);
    const files = failures?.files ?? [];
    if (counts.failed === 0 || files.length === 0 || interrupted) return { counts, wrong };
    say(`\n=== ${suite.name}, once more, where something failed: ${files.length} of its files\n`);
    const again = await execute([...suite.argv, ...files], withReport, say);
    return { counts: together(counts, countsIn(kind, again.output, again.code)), wrong };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

export type TestOptions = {
  deep?: boolean;
  full?: boolean;
  vm?: boolean;
  only?: string /** Minutes. */;
  within?: number;
};

/** Runs all suites, also after one has failed, and ends with `N passed, N failed` on a line of its own. */
export async function test(options: TestOptions): Promise<void> {
  const chosen = chosenBy(options);
  const engineDir = sharedEngineDir();
  if (chosen.some((suite) => suite.counts !== 'exit' && suite.name !== 'unit')) {
    await ensureEngine({ engineDir, lockFile: join(repoDir, 'engine.lock.json'), say: console.log });
    await bundleAgent();
    // Guests get the pages as built here: the build would take an emulated processor the better part of an hour.
    if (chosen.some((suite) => suite.only === 'vm')) await buildPages();
  }
  const level: Record<string, string> = options.full === true ? { BERTH_FULL: '1' } : {};
  if (options.deep === true) level.BERTH_DEEP = '1';
  const everyday = options.deep !== true && options.full !== true;
  if (everyday) sayWhatIsLeft(chosen);
  const goesBeside = ({ beside }: Suite) => beside === true || (beside === 'everyday' && everyday);
  const results: (Outcome & { suite: Suite; ms: number })[] = [];
  const oneAfterAnother = async (some: readonly Suite[]) => {
    for (const suite of some) {
      if (interrupted) return;
      const kept: string[] = [];
      const say: Say = (text) => void (goesBeside(suite) ? kept.push(text) : process.stdout.write(text));
      say(`\n=== ${suite.name}\n`);
      const started = performance.now();
      const outcome = await runSuite(suite, { BERTH_ENGINE: engineDir, ...level, ...suite.env }, say);
      process.stdout.write(kept.join(''));
      results.push({ suite, ...outcome, ms: performance.now() - started });
    }
  };
  // First of what goes beside, for the check of types reads what the build writes. Whoever needs the pages waits for them, and says
  // itself when they cannot be built.
  const needsPages = chosen.some(({ name }) => name === 'integration' || name === 'e2e');
  const beside = async () => {
    if (needsPages) await buildPages().catch(() => undefined);
    await oneAfterAnother(chosen.filter(goesBeside));
  };
  await Promise.all([beside(), oneAfterAnother(chosen.filter((suite) => !goesBeside(suite)))]);
  if (options.within !== undefined && !interrupted) {
    const left = options.within - performance.now() / 60_000;
    const sample = sampleOf(longParts, dayOfYear(), left).map(sampled);
    console.log(`\nof the long suites, in the ${Math.max(0, Math.floor(left))} minutes left: ${names(sample)}`);
    chosen.push(...sample);
    await oneAfterAnother(sample);
  }
  console.log('');
  results.sort((a, b) => chosen.indexOf(a.suite) - chosen.indexOf(b.suite));
  for (const { suite, counts, ms } of results) console.log(verdict(suite.name, counts, seconds(ms)));
  // Last of all, where a log that is cut off at its beginning still has it.
  for (const { suite, counts, wrong } of results) {
    if (wrong.length === 0) continue;
    console.log(`\n${counts.failed === 0 ? 'only when repeated' : 'failed'} in ${suite.name}:`);
    for (const line of wrong) console.log(`  ${line}`);
  }
  console.log('');
  const total = (key: 'passed' | 'failed') => results.reduce((sum, { counts }) => sum + counts[key], 0);
  const failed = total('failed') + (interrupted ? 1 : 0);
  if (interrupted) console.log('interrupted');
  console.log(`${total('passed')} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

const names = (some: readonly Suite[]): string => some.map(({ name }) => name).join(', ') || 'none';

function chosenBy(options: TestOptions): Suite[] {
  const only = options.only?.split(',');
  const unknown = only?.filter((name) => !suites.some((suite) => suite.name === name)) ?? [];
  if (unknown.length > 0) {
    const known = suites.map((suite) => suite.name).join(', ');
    throw new Error(`There is no suite ${unknown.join(', ')}. There are: ${known}.`);
  }
  return suites.filter((suite) => {
    if (only !== undefined) return only.includes(suite.name);
    if (options.vm === true) return suite.only === 'vm';
    return suite.only === undefined || (suite.only === 'full' && options.full === true);
  });
}

/** A test that is not run is named. */
function sayWhatIsLeft(chosen: readonly Suite[]): void {
  const directories = chosen.flatMap(({ needs }) => (needs === undefined ? [] : [needs]));
  const files = directories.flatMap((directory) => globSync(`${directory}/**/*.deep.*`, { cwd: repoDir }));
  if (files.length > 0) console.log(`left to --deep: ${files.sort().join(' ')}`);
}
