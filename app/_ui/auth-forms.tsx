'use client';
import Link from 'next/link';
import { useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import { call, problemOf } from './api.ts';
import { Button } from './button.tsx';
import { Form, FormProblem, TextField } from './form.tsx';
import { safeNext } from './safe-next.ts';

const link = 'text-[13px] text-muted underline underline-offset-3 hover:text-text';

/** Runs one request of a form and keeps its pending and its problem. */
function useSubmit() {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (work: () => Promise<unknown>, done: () => void) => {
    setPending(true);
    setProblem(null);
    try {
      await work();
      done();
    } catch (error) {
      setProblem(problemOf(error));
      setPending(false);
    }
  };
  return { pending, problem, submit };
}

function EmailField() {
  return (
    <TextField
      name="email"
      label="E-mail"
      type="email"
      autoComplete="username"
      autoCapitalize="none"
      required
      autoFocus
    />
  );
}

export function SignInForm({ next }: { next: string | null }) {
  const { pending, problem, submit } = useSubmit();
  return (
    <Form
      problem={problem}
      onSubmit={(data) =>
        void submit(
          () =>
            call('session.create', {
              body: { email: String(data.get('email')).trim(), password: String(data.get('password')) },
            }),
          // A whole new page, so that nothing from before the sign-in is kept.
          () => window.location.assign(safeNext(next)),
        )
      }
    >
      <EmailField />
      <TextField name="password" label="Password" type="password" autoComplete="current-password" required />
      <FormProblem problem={problem} />
      <Button type="submit" variant="primary" pending={pending}>
        Sign in
      </Button>
      <Link href="/forgot" className={link}>
        Forgot your password?
      </Link>
    </Form>
  );
}

export function ForgotForm() {
  const { pending, problem, submit } = useSubmit();
  const [sentTo, setSentTo] = useState<string | null>(null);
  if (sentTo !== null) {
    return (
      <div role="status" className="grid gap-3">
        <p>
          If <strong className="[overflow-wrap:anywhere]">{sentTo}</strong> has an account, a link is on its way. It
          works once.
        </p>
        <p className="sub">Nothing there after a few minutes? Look into the spam folder, then ask your provider.</p>
        <Link href="/sign-in" className={link}>
          Back to the sign-in
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
        Send me a link
      </Button>
      <Link href="/sign-in" className={link}>
        Back to the sign-in
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
        <p>Your password is set. Sign in with it; all other sessions have ended.</p>
        <Link href="/sign-in" className={link}>
          Go to the sign-in
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
        label="New password"
        type="password"
        autoComplete="new-password"
        minLength={10}
        required
        autoFocus
        hint="At least 10 characters. Length counts, special characters need not be."
      />
      <FormProblem problem={problem} />
      <Button type="submit" variant="primary" pending={pending}>
        Set password
      </Button>
      {problem !== null && (
        <Link href="/forgot" className={link}>
          Ask for a new link
        </Link>
      )}
    </Form>
  );
}
