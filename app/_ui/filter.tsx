'use client';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { t } from '#lib/language/text.ts';
import { withQuery } from './address.ts';

/** Narrows a list by one property, kept in the address. `keep`: what else is in the address and stays. */
export function Filter({
  label,
  path,
  name,
  value,
  options,
  keep = {},
}: {
  label: string;
  path: string;
  name: string;
  value: string | undefined;
  options: readonly { value: string; label: string }[];
  keep?: Readonly<Record<string, string | undefined>>;
}) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  return (
    <select
      aria-label={label}
      aria-busy={pending}
      className="field w-auto max-w-56 min-h-9"
      value={value ?? ''}
      onChange={(event) => {
        const next = withQuery(path, { ...keep, [name]: event.target.value });
        startTransition(() => router.push(next));
      }}
    >
      <option value="">{t('{label}: all', { label })}</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}
