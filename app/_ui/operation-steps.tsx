import { Check, Circle, CircleDot, Minus, Undo2, X } from 'lucide-react';
import type { OperationStep } from '#lib/contract/operations.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { cx } from './cx.ts';

const looks = {
  pending: { icon: Circle, tone: 'text-muted', word: 'to do' },
  running: { icon: CircleDot, tone: 'text-busy font-semibold', word: 'now' },
  done: { icon: Check, tone: 'text-good', word: 'done' },
  failed: { icon: X, tone: 'text-bad font-semibold', word: 'failed' },
  undoing: { icon: Undo2, tone: 'text-warn font-semibold', word: 'being undone' },
  undone: { icon: Undo2, tone: 'text-muted', word: 'undone' },
  skipped: { icon: Minus, tone: 'text-muted', word: 'not needed' },
} as const satisfies Record<OperationStep['state'], unknown>;

/** All steps of an operation in their order, known from the moment it is queued. */
export function OperationSteps({ steps }: { steps: readonly OperationStep[] }) {
  return (
    <ol className="flex flex-wrap gap-x-3.5 gap-y-1 text-[12.5px] tabular-nums">
      {steps.map((step) => {
        const { icon: Icon, tone, word } = looks[step.state];
        const at = step.state === 'running' && step.percent !== null ? ` ${Math.round(step.percent)} %` : '';
        return (
          <li key={step.name} className={cx('inline-flex min-w-0 items-center gap-1', tone)}>
            <Icon aria-hidden className="size-3.5 shrink-0" />
            <span className="[overflow-wrap:anywhere]">
              {said(step.title)}
              {at}
              {step.state === 'running' && step.message ? `: ${said(step.message)}` : ''}
            </span>
            <span className="sr-only">({t(word)})</span>
          </li>
        );
      })}
    </ol>
  );
}
