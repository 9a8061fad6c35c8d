'use client';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import type { Identities } from '#lib/contract/identity.ts';
import { t } from '#lib/language/text.ts';
import { call, onStepUp, problemOf } from './api.ts';
import { Button } from './button.tsx';
import { TextField } from './form.tsx';
import { FormDialog } from './form-dialog.tsx';
import { proofChannel } from './proved.tsx';

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
  const [by, setBy] = useState<Identities | null>(null);
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

  // By whom else they could show it is asked for when it is needed; without an answer there is the password.
  useEffect(() => {
    if (!open) return;
    call('me.identities.list', {}).then(setBy, () => setBy(null));
    const channel = new BroadcastChannel(proofChannel);
    channel.onmessage = () => end(true);
    return () => channel.close();
  }, [open, end]);
  const goTo = async (id: string) => {
    setProblem(null);
    // Opened by the press itself, before anything is waited for: else the browser holds it for an advertisement.
    const elsewhere = window.open('', '_blank', 'popup,width=520,height=720');
    try {
      const { url } = await call('me.proveBy', { params: { id }, body: {} });
      if (elsewhere === null) window.location.assign(url);
      else elsewhere.location.href = url;
    } catch (error) {
      elsewhere?.close();
      setProblem(problemOf(error));
    }
  };
  const typed = by === null || by.items.length === 0 || by.password;

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
      title={t('Is it still you?')}
      sub={t('It has been a while since you signed in, and this is not easily taken back.')}
      problem={problem}
      onSubmit={(data) => void submit(data)}
      cancel={t('Not now')}
      submit={t('Go on')}
      pending={pending}
    >
      {by?.items.map(({ id, name }) => (
        <Button key={id} onClick={() => void goTo(id)}>
          {t('Sign in again with {name}', { name })}
        </Button>
      ))}
      <TextField
        name="proof"
        label={typed ? t('Your password, or a code') : t('Or a code')}
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        hint={t('The code is the six digits of your authenticator app, if you have set one up.')}
      />
    </FormDialog>
  );
}
