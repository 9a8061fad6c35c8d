import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('what is started for every look at a file, and beside every backup, loads no schemas: those take longer to load than most calls take', async () => {
  const { metafile } = await build({
    entryPoints: ['agent/sys/files-helper/main.ts', 'agent/sys/freeze-helper.ts', 'agent/backup/helper/main.ts'],
    outdir: 'nowhere',
    write: false,
    bundle: true,
    metafile: true,
    platform: 'node',
    format: 'esm',
    external: ['koffi'],
    logLevel: 'silent',
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs).toEqual(expect.arrayContaining(['agent/sys/files-helper/place.ts', 'agent/backup/helper/calls.ts']));
  // A limit that it needs belongs into a file of lib/contract that has no schema, as file-limits.ts.
  expect(inputs.filter((path) => path.includes('node_modules/'))).toEqual([]);
});
