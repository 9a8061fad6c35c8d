'use client';
import { t } from '#lib/language/text.ts';
import { Card, PageHead } from '../_ui/page.tsx';
import { PageProblem } from '../_ui/page-problem.tsx';

export default function ErrorPage({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <>
      <PageHead title={t('This page could not be shown')} />
      <Card className="max-w-lg">
        <PageProblem digest={error.digest} retry={reset} />
      </Card>
    </>
  );
}
