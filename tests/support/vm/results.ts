/** What vitest's JSON reporter said in a guest, and one record of it all per guest: `.build/vm/<guest>.json`. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { repoDir } from '#server/setup/context.ts';
import type { GuestName } from './plan.ts';

export type Outcome = { file: string; test: string; result: 'passed' | 'failed' | 'skipped'; reason?: string };

const Report = z.object({
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

/** Every test of a report. A file that failed as a whole (its set-up did) counts as one failure more. */
export function outcomesIn(json: string, file: string): Outcome[] {
  return Report.parse(JSON.parse(json)).testResults.flatMap((result) => {
    const outcomes = result.assertionResults.map(({ fullName, status, failureMessages }): Outcome => {
      const said = failureMessages?.[0]?.split('\n')[0];
      if (status === 'passed') return { file, test: fullName, result: 'passed' };
      if (status === 'failed') return { file, test: fullName, result: 'failed', reason: said ?? 'no message' };
      return { file, test: fullName, result: 'skipped' };
    });
    const whole = result.status === 'failed' && !outcomes.some((outcome) => outcome.result === 'failed');
    const reason = result.message.split('\n')[0] || 'its set-up failed';
    return whole ? [...outcomes, { file, test: 'set-up', result: 'failed', reason }] : outcomes;
  });
}

export function tally(outcomes: readonly Outcome[]): string {
  const count = (result: Outcome['result']) => outcomes.filter((outcome) => outcome.result === result).length;
  return `${count('passed')} passed, ${count('failed')} failed, ${count('skipped')} skipped`;
}

type Recorded = { system?: Record<string, string>; outcomes: Outcome[] };

/** Puts outcomes in the guest's record in the place of earlier ones of the same files. */
export function record(guest: GuestName, system: Record<string, string>, outcomes: readonly Outcome[]): void {
  const path = join(repoDir, '.build/vm', `${guest}.json`);
  mkdirSync(join(repoDir, '.build/vm'), { recursive: true });
  const before: Recorded = existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : { outcomes: [] };
  const files = new Set(outcomes.map((outcome) => outcome.file));
  const kept = before.outcomes.filter((outcome) => !files.has(outcome.file));
  writeFileSync(path, `${JSON.stringify({ system, outcomes: [...kept, ...outcomes] }, null, 2)}\n`);
}
