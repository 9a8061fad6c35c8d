import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { z } from 'zod';
import { repoDir } from '#server/setup/context.ts';

/** The part of vitest's JSON report that says what failed. */
const VitestReport = z.object({
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

/** The same of Playwright's: a file is a suite, in which groups may be suites again. */
type Group = { title: string; specs: z.infer<typeof Spec>[]; suites?: Group[] | undefined };
const Spec = z.object({
  title: z.string(),
  file: z.string(),
  tests: z.array(
    z.object({
      status: z.enum(['expected', 'unexpected', 'flaky', 'skipped']),
      results: z.array(z.object({ error: z.object({ message: z.string().optional() }).optional() })),
    }),
  ),
});
const Group: z.ZodType<Group> = z.object({
  title: z.string(),
  specs: z.array(Spec),
  suites: z.lazy(() => z.array(Group)).optional(),
});
const PlaywrightReport = z.object({ suites: z.array(Group) });

/** `files`: where something stayed wrong. `tests`: a line for each that failed, with the first line of what was wrong. */
export type Failures = { files: string[]; tests: string[] };

/** What failed in a run, by its report; undefined when the run left none that can be read, or names nothing. */
export function failuresIn(kind: 'vitest' | 'playwright', reportFile: string): Failures | undefined {
  if (!existsSync(reportFile)) return undefined;
  let json: unknown;
  try {
    json = JSON.parse(readFileSync(reportFile, 'utf8'));
  } catch {
    return undefined; // killed while it wrote
  }
  const failures = kind === 'vitest' ? ofVitest(json) : ofPlaywright(json);
  return failures === undefined || failures.tests.length === 0 ? undefined : failures;
}

function ofVitest(json: unknown): Failures | undefined {
  const report = VitestReport.safeParse(json);
  if (!report.success) return undefined;
  const failed = report.data.testResults.filter((file) => file.status === 'failed');
  const tests = failed.flatMap(({ name, message, assertionResults }) => {
    const inside = assertionResults.filter((test) => test.status === 'failed');
    if (inside.length === 0) return [line(relative(repoDir, name), message)];
    return inside.map((test) => line(`${relative(repoDir, name)} › ${test.fullName}`, test.failureMessages?.[0]));
  });
  return { files: failed.map((file) => file.name), tests };
}

function ofPlaywright(json: unknown): Failures | undefined {
  const report = PlaywrightReport.safeParse(json);
  if (!report.success) return undefined;
  const specsOf = (group: Group): Group['specs'] => [...group.specs, ...(group.suites ?? []).flatMap(specsOf)];
  const failed = report.data.suites.flatMap(specsOf).filter(({ tests }) => tests.some(notAtOnce));
  const tests = failed.map(({ file, title, tests }) => {
    const messages = tests.flatMap(({ results }) => results.map(({ error }) => error?.message));
    const how = tests.some(({ status }) => status === 'flaky') ? ' (passed when repeated)' : '';
    return line(
      `${file} › ${title}${how}`,
      messages.findLast((message) => message !== undefined),
    );
  });
  const lost = failed.filter(({ tests }) => tests.some(({ status }) => status === 'unexpected'));
  return { files: [...new Set(lost.map(({ file }) => file))], tests };
}

const notAtOnce = ({ status }: { status: string }): boolean => status === 'unexpected' || status === 'flaky';

/** What failed and why, as far as one line says it. */
const line = (name: string, message = ''): string => {
  const why = stripVTControlCharacters(message).trim().split('\n')[0] ?? '';
  return why === '' ? name : `${name}: ${why.slice(0, 300)}`;
};
