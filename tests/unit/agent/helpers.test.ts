import { build } from 'esbuild';
import { expect, it } from 'vitest';

it('what is started for every look at a file loads no schemas: those take longer to load than most calls take', async () => {
  const { metafile } = await build({
    entryPoints: ['agent/sys/files-helper/main.ts', 'agent/sys/freeze-helper.ts'],
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
  expect(inputs).toContain('agent/sys/files-helper/place.ts');
  // A limit that it needs belongs into a file of lib/contract that has no schema, as file-limits.ts.
  expect(inputs.filter((path) => path.includes('node_modules/'))).toEqual([]);
});
