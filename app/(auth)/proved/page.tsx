import type { Metadata } from 'next';
import { param, type Search } from '../../_page/query.ts';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { Proved } from '../../_ui/proved.tsx';

export const metadata: Metadata = { title: 'Is it still you?' };

/** Where a window ends in which somebody showed a provider again who they are. */
export default async function Page({ searchParams }: { searchParams: Search }) {
  const refused = (await param(searchParams, 'provider')) === 'refused';
  return (
    <AuthFrame title={refused ? 'That was not you, or not anew' : 'It is still you'}>
      <Proved refused={refused} />
    </AuthFrame>
  );
}
