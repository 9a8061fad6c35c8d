'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import { call, onStepUp, problemOf } from './api.ts';
import { TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';

/** Six digits are a code: no password is that short. */
const proofOf = (text: string) => (/^\s*\d{3}\s?\d{3}\s*$/.test(text) ? { code: text } : { password: text });

/**
 * Asks who is there before something that wants to be sure, and then lets it go on: whatever was pressed happens as if nobody had asked.
 * One for the whole page.
 */
export function StepUp() {
  const [open, setOpen] = useState(false);
  const [pending, setPending] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const waiting = useRef<((proved: boolean) => void)[]>([]);

  const end = useCallback((proved: boolean) => {
    setOpen(false);
    setProblem(null);
    for (const resolve of waiting.current.splice(0)) resolve(proved);
  }, []);
  useEffect(() => {
    const stop = onStepUp(
      () =>
        new Promise((resolve) => {
          waiting.current.push(resolve);
          setOpen(true);
        }),
    );
    return () => {
      stop();
      for (const resolve of waiting.current.splice(0)) resolve(false);
    };
  }, []);

  const submit = async (data: FormData) => {
    setPending(true);
    setProblem(null);
    try {
      await call('me.prove', { body: proofOf(String(data.get('proof'))) });
      end(true);
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setPending(false);
    }
  };
  return (
    <FormDialog
      open={open}
      onClose={() => end(false)}
      title="Is it still you?"
      sub="It has been a while since you signed in, and this is not easily taken back."
      problem={problem}
      onSubmit={(data) => void submit(data)}
      cancel="Not now"
      submit="Go on"
      pending={pending}
    >
      <TextField
        name="proof"
        label="Your password, or a code"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        hint="The code is the six digits of your authenticator app, if you have set one up."
      />
    </FormDialog>
  );
}
