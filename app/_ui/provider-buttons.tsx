'use client';
import { useState } from 'react';
import type { OfferedProvider } from '#lib/contract/identity.ts';
import { t } from '#lib/language/text.ts';
import { call } from './api.ts';
import { Button } from './button.tsx';
import { FormProblem } from './form.tsx';
import { useSubmit } from './use-submit.ts';

/** Instead of a password: somebody else says who it is. */
export function ProviderButtons({ providers, next }: { providers: readonly OfferedProvider[]; next: string | null }) {
  const { pending, problem, submit } = useSubmit();
  const [chosen, setChosen] = useState<string | null>(null);
  if (providers.length === 0) return null;
  const begin = (id: string) => {
    setChosen(id);
    void submit(
      () => call('session.provider', { params: { id }, body: next === null ? {} : { next } }),
      ({ url }) => window.location.assign(url),
    );
  };
  return (
    <div className="mb-5 grid gap-3">
      {providers.map(({ id, name }) => (
        <Button key={id} pending={pending && chosen === id} onClick={() => begin(id)}>
          <span className="truncate">{t('Sign in with {name}', { name })}</span>
        </Button>
      ))}
      <FormProblem problem={problem} />
      <p className="flex items-center gap-3 text-[12.5px] text-muted before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {t('or')}
      </p>
    </div>
  );
}
