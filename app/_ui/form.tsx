'use client';
import { CircleAlert } from 'lucide-react';
import { createContext, useContext, useId } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import { t } from '#lib/language/text.ts';
import { cx } from './cx.ts';

const Issues = createContext<Problem | null>(null);

/** A form that shows a refused request beside the fields it is about, and the rest above the buttons. */
export function Form({
  onSubmit,
  problem,
  children,
  className,
}: {
  onSubmit: (data: FormData) => void;
  problem: Problem | null;
  children: React.ReactNode;
  className?: string;
}) {
  return (
    <Issues value={problem}>
      <form
        noValidate
        method="post" // should a browser ever send it by itself, then with nothing in the address
        className={cx('grid gap-4 [&>[role=alert]:empty]:absolute', className)}
        onSubmit={(event) => {
          event.preventDefault();
          onSubmit(new FormData(event.currentTarget));
        }}
      >
        {children}
      </form>
    </Issues>
  );
}

type FieldProps = {
  label: string;
  /** Name of the field, and the path under which the portal names it in `issues`. */
  name: string;
  hint?: React.ReactNode;
};

function useField(name: string): { id: string; hintId: string; error: string | null } {
  const id = useId();
  const issue = useContext(Issues)?.issues?.find((each) => each.path === name || each.path.startsWith(`${name}.`));
  return { id, hintId: `${id}-hint`, error: issue?.message ?? null };
}

function Frame({
  id,
  hintId,
  label,
  hint,
  error,
  children,
}: {
  id: string;
  hintId: string;
  label: string;
  hint?: React.ReactNode;
  error: string | null;
  children: React.ReactNode;
}) {
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-[13px] font-[550]">
        {label}
      </label>
      {children}
      <div id={hintId} className="text-[12.5px] empty:hidden">
        {error !== null && <p className="font-[550] text-bad">{error}</p>}
        {hint && <div className="text-muted">{hint}</div>}
      </div>
    </div>
  );
}

export function TextField({
  label,
  name,
  hint,
  className,
  ...rest
}: FieldProps & Omit<React.ComponentProps<'input'>, 'name' | 'id'>) {
  const { id, hintId, error } = useField(name);
  return (
    <Frame id={id} hintId={hintId} label={label} hint={hint} error={error}>
      <input
        {...rest}
        id={id}
        name={name}
        aria-describedby={hintId}
        aria-invalid={error !== null || undefined}
        className={cx('field', className)}
      />
    </Frame>
  );
}

export function TextArea({
  label,
  name,
  hint,
  className,
  ...rest
}: FieldProps & Omit<React.ComponentProps<'textarea'>, 'name' | 'id'>) {
  const { id, hintId, error } = useField(name);
  return (
    <Frame id={id} hintId={hintId} label={label} hint={hint} error={error}>
      <textarea
        {...rest}
        id={id}
        name={name}
        aria-describedby={hintId}
        aria-invalid={error !== null || undefined}
        className={cx('field', className)}
      />
    </Frame>
  );
}

export function SelectField({
  label,
  name,
  hint,
  options,
  ...rest
}: FieldProps &
  Omit<React.ComponentProps<'select'>, 'name' | 'id'> & {
    options: readonly { value: string; label: string; disabled?: boolean }[];
  }) {
  const { id, hintId, error } = useField(name);
  return (
    <Frame id={id} hintId={hintId} label={label} hint={hint} error={error}>
      <select
        {...rest}
        id={id}
        name={name}
        aria-describedby={hintId}
        aria-invalid={error !== null || undefined}
        className="field"
      >
        {options.map((option) => (
          <option key={option.value} value={option.value} disabled={option.disabled}>
            {option.label}
          </option>
        ))}
      </select>
    </Frame>
  );
}

/** A box to tick, or one of several to choose, with a line that says what it means. */
export function Choice({
  label,
  hint,
  type,
  ...rest
}: { label: React.ReactNode; hint?: React.ReactNode; type: 'checkbox' | 'radio' } & Omit<
  React.ComponentProps<'input'>,
  'type'
>) {
  return (
    <label className="flex cursor-pointer gap-3 rounded-control border border-line p-3 has-checked:border-brand has-checked:bg-brand-soft/40">
      <input {...rest} type={type} className="mt-0.5 size-4 shrink-0 accent-(--brand)" />
      <span className="grid min-w-0 content-start gap-0.5">
        <span className="font-[550] [overflow-wrap:anywhere]">{label}</span>
        {hint && <span className="text-[12.5px] text-muted">{hint}</span>}
      </span>
    </label>
  );
}

/** What was refused and what to do next, for people and for screen readers. */
export function FormProblem({ problem }: { problem: Problem | null }) {
  return (
    <div role="alert">
      {problem !== null && (
        <div className="flex gap-2.5 rounded-control bg-bad-soft p-3 text-[13px] text-bad">
          <CircleAlert aria-hidden className="mt-0.5 size-4 shrink-0" />
          <div className="min-w-0">
            <p className="font-semibold">{problem.detail ?? problem.title}</p>
            {problem.remedy && <p>{problem.remedy}</p>}
            {problem.reference && (
              <p className="mt-1 font-mono text-xs">{t('Reference {reference}', { reference: problem.reference })}</p>
            )}
          </div>
        </div>
      )}
    </div>
  );
}
