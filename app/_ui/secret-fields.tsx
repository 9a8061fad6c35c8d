'use client';
import { t } from '#lib/language/text.ts';
import { TextField } from './form.tsx';

type More = { hint?: React.ReactNode; autoFocus?: boolean };

/** The password one has, where it is asked for. */
export function PasswordField({ label = t('Password'), ...more }: More & { label?: string }) {
  return <TextField {...more} name="password" label={label} type="password" autoComplete="current-password" required />;
}

/** Six digits, as an authenticator app shows them. */
export function AppCodeField({ hint }: { hint: string }) {
  return (
    <TextField
      name="code"
      label={t('Code')}
      inputMode="numeric"
      autoComplete="one-time-code"
      maxLength={7}
      required
      autoFocus
      className="tabular-nums tracking-[0.2em]"
      hint={hint}
    />
  );
}

/** A code of the app, or a recovery code. */
export function CodeField({ label = t('Code'), ...more }: More & { label?: string }) {
  return <TextField {...more} name="code" label={label} autoComplete="one-time-code" required />;
}
