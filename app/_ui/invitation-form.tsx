'use client';
import { useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import { t } from '#lib/language/text.ts';
import { call, problemOf } from './api.ts';
import { Button } from './button.tsx';
import { Form, FormProblem, TextField } from './form.tsx';

/** Takes an invitation up: with one click who is signed in as its person, with a name and a password who has none. */
export function InvitationForm({ token, hasAccount }: { token: string; hasAccount: boolean }) {
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const submit = async (data: FormData) => {
    setPending(true);
    setProblem(null);
    const text = (name: string) => String(data.get(name) ?? '');
    try {
      const own = hasAccount ? {} : { name: text('name'), password: text('password') };
      await call('invitations.accept', { body: { token, ...own } });
      window.location.assign(hasAccount ? '/' : '/sign-in');
    } catch (error) {
      setProblem(problemOf(error));
      setPending(false);
    }
  };
  return (
    <Form problem={problem} onSubmit={(data) => void submit(data)}>
      {hasAccount ? (
        <p>{t('What you have already stays as it is.')}</p>
      ) : (
        <>
          <TextField name="name" label={t('Your name')} autoComplete="name" required maxLength={100} autoFocus />
          <TextField
            name="password"
            label={t('Choose a password')}
            type="password"
            autoComplete="new-password"
            minLength={10}
            required
            hint={t('At least 10 characters. Length counts, special characters need not be.')}
          />
        </>
      )}
      <FormProblem problem={problem} />
      <Button type="submit" variant="primary" pending={pending}>
        {t('Join')}
      </Button>
    </Form>
  );
}
