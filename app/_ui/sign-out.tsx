'use client';
import { LogOut } from 'lucide-react';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';
import { call, problemOf } from './api.ts';
import { Button } from './button.tsx';
import { notifyProblem } from './notify.tsx';

export function SignOutButton() {
  const [pending, setPending] = useState(false);
  const signOut = async () => {
    setPending(true);
    try {
      await call('session.delete', {});
      // A whole new page: nothing of the last person stays in memory.
      window.location.assign('/sign-in');
    } catch (error) {
      setPending(false);
      notifyProblem(problemOf(error));
    }
  };
  return (
    <Button
      variant="quiet"
      size="small"
      pending={pending}
      className="justify-start px-2"
      onClick={() => void signOut()}
    >
      <LogOut aria-hidden /> {t('Sign out')}
    </Button>
  );
}
