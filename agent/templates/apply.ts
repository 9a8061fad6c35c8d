/** Builds templates from their definitions and imports the result as a layer. */
import { existsSync, readdirSync } from 'node:fs';
import type { Layers, Progress, Templates } from '#agent/adapters.ts';
import type { AgentConfig } from '#agent/config.ts';
import { makeDirectory, remove } from '#agent/sys/files.ts';
import { clampTimes } from '#agent/sys/tree.ts';
import { BerthError } from '#lib/contract/errors.ts';
import { layBusybox } from './busybox.ts';
import { layDebian } from './debian.ts';
import { sourceDateEpoch, type TemplateDefinition } from './definition.ts';
import { debian12 } from './definitions/debian-12.ts';
import { tiny } from './definitions/tiny.ts';
import { templateVersion } from './plan.ts';

const definitions: readonly TemplateDefinition[] = [tiny, debian12];

/** The tree of `definition` in `root`, which exists and is empty. */
async function lay(definition: TemplateDefinition, root: string, progress: Progress): Promise<void> {
  const { base } = definition;
  if (base.kind === 'busybox') await layBusybox(base, definition.files, root);
  else await layDebian(base, definition.files, root, progress);
}

export function createTemplates(config: AgentConfig): Templates {
  let builds = 0;
  removeLeftovers(`${config.agentDir}/build`);
  return {
    definitions: () => definitions.map((d) => d.name),

    async empty(layers) {
      builds += 1;
      const folder = `${config.agentDir}/build/empty-${process.pid}-${builds}`;
      const root = `${folder}/root`;
      removeLeftovers(`${config.agentDir}/build`);
      makeDirectory('TEMPLATE:DIRECTORY', folder);
      makeDirectory('TEMPLATE:DIRECTORY', root, 0o755);
      try {
        clampTimes('TEMPLATE:TIMES', root, sourceDateEpoch);
        return (await layers.importTree(root)).digest;
      } finally {
        remove('TEMPLATE:DISCARD', folder);
      }
    },

    async build(name: string, layers: Layers, progress: Progress) {
      const definition = definitions.find((d) => d.name === name);
      if (definition === undefined) throw new BerthError('not_found', `There is no template definition “${name}”.`);
      builds += 1;
      // On the agent's own disk: the pool may be mounted nodev, and its space belongs to tenants.
      const folder = `${config.agentDir}/build/${name}-${process.pid}-${builds}`;
      const root = `${folder}/root`;
      removeLeftovers(`${config.agentDir}/build`);
      makeDirectory('TEMPLATE:DIRECTORY', folder);
      makeDirectory('TEMPLATE:DIRECTORY', root, 0o755);
      try {
        progress(`Building ${definition.title}`, 0);
        await lay(definition, root, progress);
        clampTimes('TEMPLATE:TIMES', root, sourceDateEpoch);
        progress('Making the layer', 90);
        const { digest, bytes } = await layers.importTree(root);
        const version = templateVersion(definition.release, digest);
        return {
          template: { name, version, layers: [digest], init: definition.init },
          title: definition.title,
          bytes,
          sshServer: definition.sshServer,
        };
      } finally {
        remove('TEMPLATE:DISCARD', folder);
      }
    },
  };
}

/**
 * Trees of builds that a dead agent left; a living one's carry its process id. One whose builder has not ended yet resists; it
 * goes with the next build, or the next start.
 */
function removeLeftovers(folder: string): void {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder)) {
    const pid = /-(\d+)-\d+$/.exec(entry)?.[1];
    if (pid === undefined || existsSync(`/proc/${pid}`)) continue;
    try {
      remove('TEMPLATE:DISCARD', `${folder}/${entry}`);
    } catch (error) {
      if (!['EBUSY', 'ENOTEMPTY'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}
