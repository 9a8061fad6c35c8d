'use client';
import { t } from '#lib/language/text.ts';
import { AuthFrame } from './_ui/auth-frame.tsx';
import { PageProblem } from './_ui/page-problem.tsx';

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <AuthFrame title={t('This page could not be shown')}>
      <PageProblem digest={error.digest} retry={reset} />
    </AuthFrame>
  );
}
