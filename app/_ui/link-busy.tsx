'use client';
import { LoaderCircle } from 'lucide-react';
import { useLinkStatus } from 'next/link';

/** Inside a link: turns while the page it leads to is on its way, so that a click is never silent. Takes no room. */
export function LinkBusy() {
  const { pending } = useLinkStatus();
  return (
    <span aria-hidden className="relative w-0">
      {pending && <LoaderCircle className="spin absolute top-1/2 left-1 size-3.5 -translate-y-1/2 text-muted" />}
    </span>
  );
}
