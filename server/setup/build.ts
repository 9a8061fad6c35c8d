import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { nodeBinary, repoDir } from './context.ts';
import { readIfThere, writeFileDurably } from './files.ts';
import { withFileLock } from './lock.ts';
import { run } from './run.ts';

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
 * The agent as one file, so that a host needs no checkout: only koffi's native part, the freezing process, the one for files and the
 * network hook stay beside it. Gives its path.
 */
export async function bundleAgent(root = repoDir, outdir = join(root, '.build')): Promise<string> {
  await build({
    entryPoints: {
      agent: join(root, 'agent', 'main.ts'),
      'freeze-helper': join(root, 'agent', 'sys', 'freeze-helper.ts'),
      'files-helper': join(root, 'agent', 'sys', 'files-helper', 'main.ts'),
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

/** Builds the pages when their sources changed since the last whole build. Says whether it built. Whoever asks at the same time waits. */
export async function buildPages(root = repoDir): Promise<'built' | 'unchanged'> {
  await mkdir(join(root, '.build'), { recursive: true });
  return withFileLock(join(root, '.build/pages.lock'), () => buildPagesAlone(root));
}

async function buildPagesAlone(root: string): Promise<'built' | 'unchanged'> {
  const stamp = join(root, '.next', 'berth-sources');
  const sources = await hashSources(root, pageSources);
  if (
    (await readIfThere(stamp))?.trim() === sources &&
    (await readIfThere(join(root, '.next/BUILD_ID'))) !== undefined
  ) {
    return 'unchanged';
  }
  await rm(stamp, { force: true });
  await run(nodeBinary, [join(root, 'node_modules/next/dist/bin/next'), 'build'], {
    cwd: root,
    env: { NODE_ENV: 'production', NEXT_TELEMETRY_DISABLED: '1' },
    timeoutMs: 600_000,
  });
  await writeFileDurably(stamp, `${sources}\n`, { mode: 0o644 });
  return 'built';
}
