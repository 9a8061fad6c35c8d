import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Mark = z.object({ pid: z.int().positive(), startTicks: z.int(), bootId: z.string() });

/** The present run of a container, written after its creation and before its start. */
export const RunRecord = z.object({ init: Mark, monitor: Mark.nullable(), startedAt: z.iso.datetime() });
export type RunRecord = z.infer<typeof RunRecord>;

export const LastExit = z.object({
  status: z.int().nullable(),
  at: z.iso.datetime(),
  oom: z.boolean(),
  killed: z.boolean().default(false),
  ranSince: z.iso.datetime().nullable().default(null),
});
export type LastExit = z.infer<typeof LastExit>;

/** A file of ours, null when it is absent or not whole. */
export function readRecord<T>(file: string, schema: z.ZodType<T>): T | null {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
