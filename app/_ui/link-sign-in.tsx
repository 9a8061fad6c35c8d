'use client';
import { useEffect, useRef, useState } from 'react';
import type { Problem } from '#lib/contract/errors.ts';
import { t } from '#lib/language/text.ts';
import { call, problemOf } from './api.ts';
import { Button, LinkButton } from './button.tsx';
import { FormProblem } from './form.tsx';
import { safeNext } from './safe-next.ts';

/**
 * Signs in by the key behind the # of the page's address. At once; but whoever is signed in already is asked first, so that no link puts anybody into
 * somebody else's account unseen.
 */
export function LinkSignIn({ next, ask }: { next: string | null; ask: boolean }) {
  const [problem, setProblem] = useState<Problem | null>(null);
  const [pending, setPending] = useState(!ask);
  const begun = useRef(false);
  const signIn = async () => {
    begun.current = true;
    setPending(true);
    const link = window.location.hash.slice(1);
    // Out of the address, the history and whatever reads them.
    window.history.replaceState(null, '', window.location.pathname + window.location.search);
    try {
      await call('session.create', { body: { link } });
      window.location.assign(safeNext(next));
    } catch (error) {
      setProblem(problemOf(error));
      setPending(false);
    }
  };
  useEffect(() => {
    if (!ask && !begun.current) void signIn();
  });
  if (problem !== null) {
    return (
      <div className="grid gap-3">
        <FormProblem problem={problem} />
        <LinkButton href="/sign-in">{t('Sign in with a password')}</LinkButton>
      </div>
    );
  }
  if (!ask) return <p aria-live="polite">{t('Signing you in …')}</p>;
  return (
    <div className="grid gap-3">
      <p>{t('This link signs you in as the owner of a service, and signs you out here.')}</p>
      <Button variant="primary" pending={pending} onClick={() => void signIn()}>
        {t('Sign in by the link')}
      </Button>
      <LinkButton href={safeNext(next)}>{t('Stay as you are')}</LinkButton>
    </div>
  );
}
