'use client';
import { toast } from 'sonner';
import type { Problem } from '#lib/contract/errors.ts';
import type { Operation } from '#lib/contract/operations.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { operationTitle } from './words.ts';

/** Says what went wrong, what to do next, and the reference that support can find. Stays until it is closed. */
export function notifyProblem(problem: Problem): void {
  const lines = [problem.detail, problem.remedy].filter((line) => line !== undefined && line !== '');
  toast.error(problem.title, {
    id: `problem-${problem.code}-${problem.detail ?? ''}`,
    duration: Number.POSITIVE_INFINITY,
    closeButton: true,
    description: (
      <>
        {lines.join(' ')}
        {problem.reference !== undefined && (
          <span className="mt-1 block font-mono text-xs">
            {t('Reference {reference}', { reference: problem.reference })}
          </span>
        )}
      </>
    ),
  });
}

/** A notice at the end of what the reader asked for: success goes away by itself, the rest stays. */
export function notifyEnded(operation: Operation, myId: string): void {
  if (operation.actor.id !== myId) return;
  const title = `${operationTitle(operation)}${operation.containerName === null ? '' : `: ${operation.containerName}`}`;
  const id = `operation-${operation.id}`;
  if (operation.state === 'succeeded') toast.success(title, { id, duration: 6000 });
  else if (operation.state === 'cancelled') toast.info(title, { id, duration: 8000 });
  else
    toast.error(title, {
      id,
      duration: Number.POSITIVE_INFINITY,
      closeButton: true,
      description: [operation.error?.detail, operation.error?.remedy]
        .flatMap((line) => (line ? [said(line)] : []))
        .join(' '),
    });
}

export function notifyDone(text: string): void {
  toast.success(text, { duration: 5000 });
}
