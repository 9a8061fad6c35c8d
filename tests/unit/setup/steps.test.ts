import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { finishSteps } from '#server/setup/finish.ts';
import { purgeSteps } from '#server/setup/purge.ts';
import { runSteps, type Step, StepFailed, stepFaults } from '#server/setup/steps.ts';
import { baseSteps } from '#server/setup/up.ts';

type Trace = string[];
const step = (name: string, needs: string[], run: (trace: Trace) => Promise<void> = async () => {}): Step<Trace> => ({
  name,
  title: name,
  needs,
  async run(trace) {
    trace.push(`${name}+`);
    await run(trace);
    trace.push(`${name}-`);
  },
});

describe('steps of the set-up', () => {
  it('run as soon as what they need is done, and side by side', async () => {
    const trace: Trace = [];
    const slow = step('slow', [], () => sleep(30));
    await runSteps([slow, step('quick', []), step('last', ['slow', 'quick'])], trace, () => {});
    expect(trace).toEqual(['slow+', 'quick+', 'quick-', 'slow-', 'last+', 'last-']);
  });

  it('are told as they begin, and with their time as they end, those done before too', async () => {
    const lines: string[] = [];
    const slow = step('slow', [], async () => {
      expect(lines).toContain('[2/4] slow …');
      await sleep(30);
    });
    const broken = step('broken', ['slow'], () => Promise.reject(new Error('no disk')));
    const running = runSteps([slow, step('quick', []), broken], [], (line) => lines.push(line), [
      { title: 'zero', ms: 1234 },
    ]);
    await expect(running).rejects.toThrow('no disk');
    const ended = (head: string) => expect.stringMatching(new RegExp(`^\\${head} … \\d+\\.\\d s$`));
    expect(lines).toEqual([
      '[1/4] zero … 1.2 s',
      '[2/4] slow …',
      '[3/4] quick …',
      ended('[3/4] quick'),
      ended('[2/4] slow'),
      '[4/4] broken …',
      '[4/4] broken … failed',
    ]);
  });

  it('do not start after a failure, while those that run end in peace', async () => {
    const trace: Trace = [];
    const broken = step('broken', [], () => Promise.reject(new Error('no disk')));
    const running = runSteps([broken, step('other', [], () => sleep(20)), step('after', ['broken'])], trace, () => {});
    await expect(running).rejects.toThrow(new StepFailed('broken', new Error('no disk')));
    expect(trace).toContain('other-');
    expect(trace).not.toContain('after+');
  });

  it('refuse a need that is unknown or stands below', () => {
    expect(stepFaults([step('a', ['b']), step('b', [])])).toEqual(['a needs b, which is not above it']);
  });

  it('of up and of purge fit together', () => {
    expect(stepFaults([...baseSteps, ...finishSteps])).toEqual([]);
    expect(stepFaults(purgeSteps)).toEqual([]);
  });
});
