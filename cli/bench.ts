import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repoDir } from '#server/setup/context.ts';
import { ensureEngine, sharedEngineDir } from '#server/setup/engine.ts';

/**
 * Measures this machine and prints a table: what Berth takes, and beside it in the same run what plain tools take for the same work. Never
 * a test: it fails only when a part could not be measured. The figures are saved for `--compare`.
 */
export async function bench(options: {
  only?: string;
  quick?: boolean;
  json?: string;
  compare?: string;
}): Promise<void> {
  const engineDir = sharedEngineDir();
  await ensureEngine({ engineDir, lockFile: join(repoDir, 'engine.lock.json'), say: console.error });
  process.env.BERTH_ENGINE = engineDir;
  const { bench: run, save, show } = await import('#tests/bench/run.ts');
  const report = await run({
    ...(options.only === undefined ? {} : { only: options.only.split(',') }),
    quick: options.quick === true,
    say: (text) => console.error(text),
  });
  const file = options.json ?? join(repoDir, '.build/bench', `${report.at.replaceAll(':', '-')}.json`);
  mkdirSync(dirname(file), { recursive: true });
  save(report, file);
  console.log(show(report, options.compare));
  console.log(
    `\nLoad of the machine: ${report.machine.loadBefore.toFixed(1)} before, ${report.machine.loadAfter.toFixed(1)} after.`,
  );
  console.log(`Saved as ${file}; --compare ${file} puts it beside the next run.`);
  for (const { part, why } of report.failed) console.log(`not measured: ${part}: ${why}`);
  process.exitCode = report.failed.length === 0 ? 0 : 1;
}
