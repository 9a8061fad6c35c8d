'use client';
import { cva, type VariantProps } from 'class-variance-authority';
import { LoaderCircle } from 'lucide-react';
import Link from 'next/link';
import { useId } from 'react';
import { cx } from './cx.ts';
import { useHeld } from './held.tsx';
import { useIsClient } from './now.tsx';

const look = cva(
  'inline-flex shrink-0 items-center justify-center gap-2 rounded-control border font-[550] whitespace-nowrap transition-colors select-none [&_svg]:size-4 [&_svg]:shrink-0 aria-disabled:cursor-not-allowed aria-disabled:opacity-60',
  {
    variants: {
      variant: {
        plain: 'border-line bg-surface text-text shadow-card hover:bg-sunk aria-disabled:hover:bg-surface',
        primary:
          'border-transparent bg-brand text-brand-ink shadow-card hover:brightness-110 aria-disabled:hover:brightness-100',
        danger: 'border-transparent bg-bad text-surface shadow-card hover:brightness-110',
        quiet: 'border-transparent bg-transparent text-muted hover:bg-sunk hover:text-text',
      },
      size: {
        medium: 'min-h-9 px-3 py-1.5 max-md:min-h-11',
        small: 'min-h-8 px-2.5 py-1 text-[13px] max-md:min-h-11',
        icon: 'size-9 max-md:size-11',
      },
    },
    defaultVariants: { variant: 'plain', size: 'medium' },
  },
);

type Look = VariantProps<typeof look>;
export type ButtonProps = Omit<React.ComponentProps<'button'>, 'disabled'> &
  Look & {
    pending?: boolean | undefined;
    /** Why it cannot be pressed now, and what would enable it. It stays reachable, so that the reason can be read. */
    reason?: string | null | undefined;
  };

/** A button that is never silently dead: it is either absent, pressable, at work, or says why not. */
export function Button({
  variant,
  size,
  pending,
  reason: given,
  className,
  onClick,
  children,
  type,
  ...rest
}: ButtonProps) {
  const reasonId = useId();
  const ready = useIsClient();
  const held = useHeld();
  // What sends a form changes something; below a hold it says why not before it is tried.
  const reason = given ?? (type === 'submit' ? held : null);
  const off = pending === true || (reason !== undefined && reason !== null);
  return (
    <>
      <button
        {...rest}
        type={type ?? 'button'}
        // Pressed any earlier, the browser itself would send the form, and not to where it belongs.
        disabled={type === 'submit' && !ready}
        className={cx(look({ variant, size }), className)}
        aria-disabled={off || undefined}
        aria-busy={pending || undefined}
        aria-describedby={reason ? reasonId : rest['aria-describedby']}
        title={reason ?? rest.title}
        onClick={(event) => {
          if (off) return event.preventDefault();
          onClick?.(event);
        }}
      >
        {pending && <LoaderCircle className="spin" aria-hidden />}
        {pending && size === 'icon' ? null : children}
      </button>
      {reason && (
        <span id={reasonId} className="sr-only">
          {reason}
        </span>
      )}
    </>
  );
}

/** To something that is no page: a download. */
export function DownloadButton({ variant, size, className, ...rest }: React.ComponentProps<'a'> & Look) {
  return <a {...rest} download className={cx(look({ variant, size }), className)} />;
}

export function LinkButton({ variant, size, className, ...rest }: React.ComponentProps<typeof Link> & Look) {
  return <Link {...rest} className={cx(look({ variant, size }), className)} />;
}
