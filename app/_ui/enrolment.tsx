'use client';
import { FactorSetup } from './factor-setup.tsx';
import { safeNext } from './safe-next.ts';
import { SignOutButton } from './sign-out.tsx';
import { StepUp } from './step-up.tsx';

/** All that is open to somebody who must set up a second factor first. */
export function Enrolment({ next }: { next: string | null }) {
  return (
    <div className="grid gap-5">
      <FactorSetup replaces={false} onDone={() => window.location.assign(safeNext(next))} />
      <div className="border-t border-line pt-3">
        <SignOutButton />
      </div>
      <StepUp />
    </div>
  );
}
