'use client';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';

/** Narrows a list by one property, kept in the address. */
export function Filter({
  label,
  path,
  name,
  value,
  options,
}: {
  label: string;
  path: string;
  name: string;
  value: string | undefined;
  options: readonly { value: string; label: string }[];
}) {
  const router = useRouter();
  const [pending, startTransition] = useTransition();
  return (
    <select
      aria-label={label}
      aria-busy={pending}
      className="field w-auto min-h-9"
      value={value ?? ''}
      onChange={(event) => {
        const next = event.target.value;
        startTransition(() => router.push(next === '' ? path : `${path}?${name}=${encodeURIComponent(next)}`));
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
