import type { Metadata } from 'next';
import { redirect } from 'next/navigation';
import { param, type Search } from '../../_page/query.ts';
import { actorNow } from '../../_page/reader.ts';
import { SignInForm } from '../../_ui/auth-forms.tsx';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { SignInText } from '../../_ui/look.tsx';
import { safeNext } from '../../_ui/safe-next.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default async function Page({ searchParams }: { searchParams: Search }) {
  const next = (await param(searchParams, 'next')) ?? null;
  if ((await actorNow()) !== undefined) redirect(safeNext(next));
  return (
    <AuthFrame title="Sign in" sub={<SignInText />}>
      <SignInForm next={next} />
    </AuthFrame>
  );
}
