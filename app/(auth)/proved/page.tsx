import type { Metadata } from 'next';
import { t } from '#lib/language/text.ts';
import { param, type Search } from '../../_page/query.ts';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { Proved } from '../../_ui/proved.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Is it still you?') };
}

/** Where a window ends in which somebody showed a provider again who they are. */
export default async function Page({ searchParams }: { searchParams: Search }) {
  const refused = (await param(searchParams, 'provider')) === 'refused';
  return (
    <AuthFrame title={refused ? t('That was not you, or not anew') : t('It is still you')}>
      <Proved refused={refused} />
    </AuthFrame>
  );
}
