/** A part of the set-up. `run` must be safe to repeat and must mend what an interrupted run left behind. */
export type Step<Context> = {
  name: string;
  title: string;
  /** Names of steps that must be done first. Steps that do not need each other run side by side. */
  needs?: readonly string[];
  run(context: Context, say: (line: string) => void): Promise<void>;
};

export class StepFailed extends Error {
  constructor(title: string, cause: unknown) {
    super(`${title}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** What is wrong with a list of steps before any runs: unknown or circular needs. Empty when all is well. */
export function stepFaults(steps: readonly Pick<Step<never>, 'name' | 'needs'>[]): string[] {
  const faults: string[] = [];
  const earlier = new Set<string>();
  for (const step of steps) {
    // Every need must stand above: that rules out circles and keeps the list readable.
    for (const need of step.needs ?? [])
      if (!earlier.has(need)) faults.push(`${step.name} needs ${need}, which is not above it`);
    if (earlier.has(step.name)) faults.push(`${step.name} is there twice`);
    earlier.add(step.name);
  }
  return faults;
}

export const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/**
 * Runs all steps, each as soon as what it needs is done. Prints `[i/n] title …` as one begins, and the same with `3.2 s` or `failed` behind it
 * as it ends; numbers go by the beginning, for several run at a time. After a failure no further step starts; what runs is waited for; then the
 * first failure is thrown as {@link StepFailed}. `done` are steps that were finished elsewhere, with their time.
 */
export async function runSteps<Context>(
  steps: readonly Step<Context>[],
  context: Context,
  print: (line: string) => void,
  done: readonly { title: string; ms: number }[] = [],
): Promise<void> {
  const faults = stepFaults(steps);
  if (faults.length > 0) throw new Error(faults.join('; '));
  const total = steps.length + done.length;
  let count = 0;
  /** What a step's lines start with; the next number is its own. */
  const heading = (title: string) => {
    count += 1;
    return `[${count}/${total}] ${title} …`;
  };
  for (const { title, ms } of done) print(`${heading(title)} ${seconds(ms)}`);

  const failures: StepFailed[] = [];
  const running = new Map<string, Promise<void>>();
  for (const step of steps) {
    const needs = (step.needs ?? []).map((name) => running.get(name));
    running.set(
      step.name,
      (async () => {
        await Promise.all(needs);
        if (failures.length > 0) return;
        const started = performance.now();
        const head = heading(step.title);
        print(head);
        try {
          await step.run(context, (line) => print(`      ${step.title}: ${line}`));
          print(`${head} ${seconds(performance.now() - started)}`);
        } catch (error) {
          failures.push(new StepFailed(step.title, error));
          print(`${head} failed`);
        }
      })(),
    );
  }
  await Promise.all(running.values());
  if (failures[0] !== undefined) throw failures[0];
}
