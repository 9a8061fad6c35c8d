import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { nodeBinary, repoDir } from './context.ts';
import { readIfThere, writeFileDurably } from './files.ts';
import { withFileLock } from './lock.ts';
import { CommandFailed, run } from './run.ts';

const pageSources = [
  'app',
  'lib',
  'next.config.ts',
  'tsconfig.json',
  'postcss.config.mjs',
  'package-lock.json',
  'public',
];

/** One hash over names and contents of files and trees; what is missing counts as missing. */
export async function hashSources(root: string, names: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  async function add(path: string): Promise<void> {
    const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined);
    if (entries === undefined) {
      hash.update(`${path.slice(root.length)}\0`);
      hash.update(await readFile(path).catch(() => 'missing'));
      return;
    }
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) await add(join(path, entry.name));
  }
  for (const name of names) await add(join(root, name));
  return hash.digest('hex');
}

/**
 * The agent as one file, so that a host needs no checkout: only koffi's native part, the freezing process, those for files and for
 * backups' directories, and the network hook stay beside it. Gives its path.
 */
export async function bundleAgent(root = repoDir, outdir = join(root, '.build')): Promise<string> {
  await build({
    entryPoints: {
      agent: join(root, 'agent', 'main.ts'),
      'freeze-helper': join(root, 'agent', 'sys', 'freeze-helper.ts'),
      'files-helper': join(root, 'agent', 'sys', 'files-helper', 'main.ts'),
      'backup-helper': join(root, 'agent', 'backup', 'helper', 'main.ts'),
    },
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    target: 'node24',
    format: 'esm',
    external: ['koffi'],
    sourcemap: 'linked',
    legalComments: 'none',
    logLevel: 'silent',
    // Some dependencies are CommonJS and ask for node's own modules by require().
    banner: {
      js: "import { createRequire as berthRequire } from 'node:module'; const require = berthRequire(import.meta.url);",
    },
  });
  await cp(join(root, 'agent', 'hooks'), join(outdir, 'hooks'), { recursive: true });
  return join(outdir, 'agent.mjs');
}

/**
 * `say` hears, every minute, that it still builds. `limitMs`: a build that takes longer is taken for one that hangs: a hundred times what a usual
 * machine needs.
 */
export type PageBuild = { say?: (line: string) => void; limitMs?: number; tellEveryMs?: number };

/**
 * Builds the pages when their sources changed since the last whole build. Says whether it built. Whoever asks at the same time waits. Throws with
 * what the build said, and where it was ended before it had, with why that is likely.
 */
export async function buildPages(root = repoDir, options: PageBuild = {}): Promise<'built' | 'unchanged'> {
  await mkdir(join(root, '.build'), { recursive: true });
  return withFileLock(join(root, '.build/pages.lock'), () => buildPagesAlone(root, options));
}

async function buildPagesAlone(root: string, options: PageBuild): Promise<'built' | 'unchanged'> {
  const stamp = join(root, '.next', 'berth-sources');
  const sources = await hashSources(root, pageSources);
  if (
    (await readIfThere(stamp))?.trim() === sources &&
    (await readIfThere(join(root, '.next/BUILD_ID'))) !== undefined
  ) {
    return 'unchanged';
  }
  await rm(stamp, { force: true });
  await nextBuild(root, options);
  await writeFileDurably(stamp, `${sources}\n`, { mode: 0o644 });
  return 'built';
}

const minuteMs = 60_000;
const hours = (ms: number) => `${Number((ms / (60 * minuteMs)).toFixed(1))} hours`;

async function nextBuild(root: string, options: PageBuild): Promise<void> {
  const { say = () => undefined, limitMs = 180 * minuteMs, tellEveryMs = minuteMs } = options;
  const started = performance.now();
  const telling = setInterval(() => {
    const minutes = Math.round((performance.now() - started) / minuteMs);
    say(
      `still building after ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}; slow machines, and those with little memory, take long`,
    );
  }, tellEveryMs);
  try {
    await run(nodeBinary, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
      cwd: root,
      env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
      timeoutMs: limitMs,
    });
  } catch (cause) {
    if (!(cause instanceof CommandFailed) || cause.result.signal !== 'SIGKILL') throw cause;
    const why =
      performance.now() - started >= limitMs
        ? `The pages were not built within ${hours(limitMs)}, so the build was ended.`
        : 'The build of the pages was killed, most likely because memory ran out: give the machine more, or swap.';
    throw new Error(`${why} Nothing else was changed; the same command goes on from here.`, { cause });
  } finally {
    clearInterval(telling);
  }
}
