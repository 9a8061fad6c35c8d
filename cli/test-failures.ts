import { existsSync, readFileSync } from 'node:fs';
import { z } from 'zod';

/** The part of vitest's JSON report that says what failed. */
const Report = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
    }),
  ),
});

export type Failures = { files: string[]; tests: string[] };

/** What failed in a run, by its report; undefined when the run left none that can be read, or names no file. */
export function failuresIn(reportFile: string): Failures | undefined {
  if (!existsSync(reportFile)) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return undefined; // killed while it wrote
  }
  const report = Report.safeParse(json);
  if (!report.success) return undefined;
  const failed = report.data.testResults.filter((file) => file.status === 'failed');
  if (failed.length === 0) return undefined;
  const tests = failed.flatMap((file) => {
    const names = file.assertionResults.filter((test) => test.status === 'failed').map((test) => test.fullName);
    return names.length > 0 ? names : [file.name];
  });
  return { files: failed.map((file) => file.name), tests };
}
