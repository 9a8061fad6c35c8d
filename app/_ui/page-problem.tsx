'use client';
import { useRouter } from 'next/navigation';
import { startTransition } from 'react';
import { t } from '#lib/language/text.ts';
import { Button } from './button.tsx';

/** What is said when a page fails: that nothing was changed, what to do, and what to tell the support. */
export function PageProblem({ digest, retry }: { digest: string | undefined; retry: () => void }) {
  const router = useRouter();
  return (
    <div role="alert" className="grid justify-items-start gap-4">
      <p>
        {t(
          'Something went wrong on our side while it was being put together. Nothing was changed, and your containers go on as they are.',
        )}
      </p>
      {digest !== undefined && <p className="sub font-mono">{t('Reference {reference}', { reference: digest })}</p>}
      <Button
        variant="primary"
        onClick={() =>
          startTransition(() => {
            router.refresh();
            retry();
          })
        }
      >
        {t('Try again')}
      </Button>
    </div>
  );
}
