import type { OperationStep } from '#lib/contract/operations.ts';

export function change(steps: readonly OperationStep[], index: number, patch: Partial<OperationStep>): OperationStep[] {
  return steps.map((step, i) => (i === index ? { ...step, ...patch } : step));
}

/** 0–100 over all steps, each weighing the same. */
export function percentOf(steps: readonly OperationStep[]): number {
  if (steps.length === 0) return 0;
  const sum = steps.reduce((total, step) => {
    if (step.state === 'done' || step.state === 'skipped') return total + 100;
    return total + (step.state === 'running' ? (step.percent ?? 0) : 0);
  }, 0);
  return Math.round((sum / steps.length) * 10) / 10;
}
