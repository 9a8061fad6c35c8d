'use client';
import { Search } from 'lucide-react';
import { usePathname, useRouter } from 'next/navigation';
import { useEffect, useRef, useState, useTransition } from 'react';
import { withQuery } from './address.ts';

const waitMs = 250;

/** Searches a list by its address, so that a search can be shared and found again with the back button. */
export function SearchField({
  initial,
  label,
  keep,
}: {
  initial: string;
  label: string;
  /** What else is in the address and stays. */
  keep?: Readonly<Record<string, string | undefined>>;
}) {
  const router = useRouter();
  const path = usePathname();
  const [text, setText] = useState(initial);
  const [pending, startTransition] = useTransition();
  const asked = useRef(initial);

  useEffect(() => {
    if (text === asked.current) return;
    const timer = setTimeout(() => {
      asked.current = text;
      startTransition(() => router.replace(withQuery(path, { ...keep, q: text }), { scroll: false }));
    }, waitMs);
    return () => clearTimeout(timer);
  }, [text, path, router, keep]);

  return (
    <search className="relative max-sm:w-full">
      <Search aria-hidden className="pointer-events-none absolute top-1/2 left-3 size-4 -translate-y-1/2 text-muted" />
      <input
        type="search"
        className="field min-h-9 pl-9 sm:w-64"
        aria-label={label}
        placeholder={label}
        aria-busy={pending}
        value={text}
        maxLength={100}
        onChange={(event) => setText(event.target.value)}
      />
    </search>
  );
}
