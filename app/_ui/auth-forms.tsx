'use client';
import Link from 'next/link';
import { useState } from 'react';
import { rich, t } from '#lib/language/text.ts';
import { call } from './api.ts';
import { Button } from './button.tsx';
import { Form, FormProblem, TextField } from './form.tsx';
import { useSubmit } from './use-submit.ts';

const link = 'text-[13px] text-muted underline underline-offset-3 hover:text-text';

export function EmailField() {
  return (
    <TextField
      name="email"
      label={t('E-mail')}
      type="email"
      autoComplete="username"
      autoCapitalize="none"
      required
      autoFocus
    />
  );
}

export function ForgotForm() {
  const { pending, problem, submit } = useSubmit();
  const [sentTo, setSentTo] = useState<string | null>(null);
  if (sentTo !== null) {
    return (
      <div role="status" className="grid gap-3">
        <p>
          {rich('If <b>{email}</b> has an account, a link is on its way. It works once.', {
            email: sentTo,
            b: (inner) => (
              <strong key="b" className="[overflow-wrap:anywhere]">
                {inner}
              </strong>
            ),
          })}
        </p>
        <p className="sub">
          {t('Nothing there after a few minutes? Look into the spam folder, then ask your provider.')}
        </p>
        <Link href="/sign-in" className={link}>
          {t('Back to the sign-in')}
        </Link>
      </div>
    );
  }
  return (
    <Form
      problem={problem}
      onSubmit={(data) => {
        const email = String(data.get('email')).trim();
        void submit(
          () => call('password.requestReset', { body: { email } }),
          () => setSentTo(email),
        );
      }}
    >
      <EmailField />
      <FormProblem problem={problem} />
      <Button type="submit" variant="primary" pending={pending}>
        {t('Send me a link')}
      </Button>
      <Link href="/sign-in" className={link}>
        {t('Back to the sign-in')}
      </Link>
    </Form>
  );
}

export function ResetForm({ token }: { token: string }) {
  const { pending, problem, submit } = useSubmit();
  const [done, setDone] = useState(false);
  if (done) {
    return (
      <div role="status" className="grid gap-3">
        <p>
          {t('Your password is set. Sign in with it; all other sessions have ended. A second factor stays as it was.')}
        </p>
        <Link href="/sign-in" className={link}>
          {t('Go to the sign-in')}
        </Link>
      </div>
    );
  }
  return (
    <Form
      problem={problem}
      onSubmit={(data) =>
        void submit(
          () => call('password.redeemReset', { body: { token, password: String(data.get('password')) } }),
          () => setDone(true),
        )
      }
    >
      <TextField
        name="password"
        label={t('New password')}
        type="password"
        autoComplete="new-password"
        minLength={10}
        required
        autoFocus
        hint={t('At least 10 characters. Length counts, special characters need not be.')}
      />
      <FormProblem problem={problem} />
      <Button type="submit" variant="primary" pending={pending}>
        {t('Set password')}
      </Button>
      {problem !== null && (
        <Link href="/forgot" className={link}>
          {t('Ask for a new link')}
        </Link>
      )}
    </Form>
  );
}
