'use client';
import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';
import { FactorSetup } from './factor-setup.tsx';
import { AddPasskey } from './passkey-card.tsx';
import { safeNext } from './safe-next.ts';
import { SignOutButton } from './sign-out.tsx';
import { StepUp } from './step-up.tsx';

/** All that is open to somebody who must set up a second factor first. `passkeys`: one can be made here, and is a second factor too. */
export function Enrolment({ next, passkeys }: { next: string | null; passkeys: boolean }) {
  const [adding, setAdding] = useState(false);
  const done = () => window.location.assign(safeNext(next));
  const instead = (
    <div className="grid gap-3 border-t border-line pt-4">
      <p>{t('Or a passkey: a key in this device, unlocked by finger, face or PIN.')}</p>
      <div>
        <Button onClick={() => setAdding(true)}>
          <KeyRound aria-hidden /> {t('Add a passkey')}
        </Button>
      </div>
    </div>
  );
  return (
    <div className="grid gap-5">
      <FactorSetup replaces={false} instead={passkeys && instead} onDone={done} />
      <div className="border-t border-line pt-3 [&>*]:-ml-2">
        <SignOutButton />
      </div>
      {adding && <AddPasskey onClose={() => setAdding(false)} onAdded={done} />}
      <StepUp />
    </div>
  );
}
