'use client';
import { X } from 'lucide-react';
import { useId, useState } from 'react';
import { Label } from '#lib/contract/roles.ts';
import { t } from '#lib/language/text.ts';

/**
 * Chooses labels: those in use are a press away, others are typed and taken with Enter, a comma or a space.
 */
export function LabelInput({
  label,
  hint,
  chosen,
  known,
  onChange,
  problem,
}: {
  label: string;
  hint?: string;
  chosen: readonly string[];
  /** In use already. */
  known: readonly string[];
  onChange: (labels: string[]) => void;
  problem?: string | null;
}) {
  const id = useId();
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const take = (typed: string) => {
    const words = typed.split(/[\s,]+/).filter((word) => word !== '');
    const judged = words.map((word) => Label.safeParse(word));
    const bad = judged.find((one) => !one.success);
    setWrong(bad === undefined ? null : t('Small letters, digits, dots and dashes; 40 at most.'));
    if (bad !== undefined) return;
    setText('');
    onChange([...new Set([...chosen, ...judged.flatMap((one) => one.data ?? [])])].sort());
  };
  const said = wrong ?? problem ?? null;
  const others = known.filter((one) => !chosen.includes(one)).slice(0, 30);
  return (
    <div className="grid content-start gap-1.5">
      <label htmlFor={id} className="text-[13px] font-[550]">
        {label}
      </label>
      {chosen.length > 0 && (
        <ul aria-label={t('Chosen: {label}', { label })} className="flex flex-wrap gap-1.5">
          {chosen.map((one) => (
            <li key={one}>
              <button
                type="button"
                aria-label={t('Take {label} away', { label: one })}
                onClick={() => onChange(chosen.filter((each) => each !== one))}
                className="inline-flex min-h-8 items-center gap-1 rounded-control bg-brand-soft px-2 text-[13px] text-text max-md:min-h-11"
              >
                {one} <X aria-hidden className="size-3.5" />
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        id={id}
        className="field"
        value={text}
        autoCapitalize="none"
        autoComplete="off"
        spellCheck={false}
        aria-describedby={`${id}-hint`}
        aria-invalid={said !== null || undefined}
        onChange={(event) => {
          const next = event.target.value;
          if (/[\s,]$/.test(next)) take(next);
          else setText(next);
        }}
        onBlur={() => text !== '' && take(text)}
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || text === '') return;
          event.preventDefault();
          take(text);
        }}
      />
      <div id={`${id}-hint`} className="text-[12.5px] empty:hidden">
        {said !== null && (
          <p role="alert" className="font-[550] text-bad">
            {said}
          </p>
        )}
        {hint !== undefined && <p className="text-muted">{hint}</p>}
      </div>
      {others.length > 0 && (
        <div className="flex flex-wrap items-center gap-1.5">
          <span className="sub">{t('In use:')}</span>
          {others.map((one) => (
            <button
              key={one}
              type="button"
              aria-label={t('Choose the label {label}', { label: one })}
              onClick={() => onChange([...chosen, one].sort())}
              className="inline-flex min-h-8 items-center rounded-control border border-line px-2 text-[13px] hover:bg-sunk max-md:min-h-11"
            >
              {one}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
