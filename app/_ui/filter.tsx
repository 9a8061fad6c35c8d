'use client';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';

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
        const search = searchOf({ ...keep, [name]: event.target.value });
        startTransition(() => router.push(`${path}${search}`));
      }}
    >
      <option value="">{label}: all</option>
      {options.map((option) => (
        <option key={option.value} value={option.value}>
          {option.label}
        </option>
      ))}
    </select>
  );
}

/** `?a=1&b=2` of what is not empty; nothing of nothing. */
export function searchOf(values: Readonly<Record<string, string | undefined>>): string {
  const given = Object.entries(values).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [[key, value] as [string, string]],
  );
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
}
