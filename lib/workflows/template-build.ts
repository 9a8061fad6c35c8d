import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import type { TemplateRef } from '#lib/contract/templates.ts';
import type { Tx } from '#lib/db/client.ts';
import { hostTemplates, templates } from '#lib/db/schema/templates.ts';
import { resultOf, type Workflow } from './work.ts';

export const TemplateBuildInput = z.object({ name: z.string() });

/** template-build: one step on a host; the template is known from then on, and that this host has it. */
export const templateBuild: Workflow<'template-build'> = {
  kind: 'template-build',
  steps: {
    build: {
      actions: async (_tx, work) => [
        { verb: 'template.build', args: TemplateBuildInput.parse(work.operation.input), secrets: {} },
      ],
      done: async (tx, work) => {
        const { template, title, bytes, sshServer } = resultOf(work, 'template.build');
        const templateId = await keep(tx, template, { title, bytes, sshServer });
        const { hostId } = work.operation;
        if (hostId !== null) await tx.insert(hostTemplates).values({ hostId, templateId }).onConflictDoNothing();
        return { templateId, name: template.name, version: template.version, bytes };
      },
    },
  },
  events: (work) => [
    { type: 'host', tenantId: null, operationId: work.operation.id, data: { hostId: work.operation.hostId } },
  ],
};

/**
 * The template's id. The same name and version with other layers is another template: its version gets the digest. One that was withdrawn
 * and is built again is offered again.
 */
async function keep(
  tx: Tx,
  built: TemplateRef,
  facts: { title: string; bytes: number; sshServer: boolean },
): Promise<string> {
  const version = await freeVersion(tx, built);
  const values = { name: built.name, version, init: built.init, layers: built.layers, ...facts };
  const [row] = await tx
    .insert(templates)
    .values(values)
    .onConflictDoUpdate({ target: [templates.name, templates.version], set: { withdrawnAt: null } })
    .returning({ id: templates.id });
  if (row === undefined) throw new Error('the template was not written');
  return row.id;
}

async function freeVersion(tx: Tx, built: TemplateRef): Promise<string> {
  const [row] = await tx
    .select({ layers: templates.layers })
    .from(templates)
    .where(and(eq(templates.name, built.name), eq(templates.version, built.version)));
  if (row === undefined || row.layers.join() === built.layers.join()) return built.version;
  const digest = built.layers.at(-1)?.replace('sha256:', '').slice(0, 8) ?? '';
  return `${built.version.slice(0, 31)}+${digest}`;
}
