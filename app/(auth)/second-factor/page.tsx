import type { Metadata } from 'next';
import { headers } from 'next/headers';
import { redirect } from 'next/navigation';
import { getFactor } from '#lib/auth/factor.ts';
import { signInNames } from '#lib/brands/names.ts';
import { param, type Search } from '../../_page/query.ts';
import { actorNow } from '../../_page/reader.ts';
import { AuthFrame } from '../../_ui/auth-frame.tsx';
import { Enrolment } from '../../_ui/enrolment.tsx';
import { safeNext } from '../../_ui/safe-next.ts';

export const metadata: Metadata = { title: 'Set up a second factor' };

/** Where those end up of whom a second factor is asked and who have none. Everybody else goes on. */
export default async function Page({ searchParams }: { searchParams: Search }) {
  const next = (await param(searchParams, 'next')) ?? null;
  const actor = await actorNow();
  if (actor === undefined) redirect('/sign-in');
  if (actor.mustEnrol !== true) redirect(safeNext(next));
  const { required } = await getFactor(actor, await signInNames(await headers()));
  const by = required.map(({ by, name }) => (by === 'account' ? name : `your role, ${name},`)).join(' and ');
  return (
    <AuthFrame
      title="One more thing first"
      sub={`You are signed in as ${actor.email}. ${by === '' ? 'Your account' : by} asks for a second factor: until it is set up, nothing else is open.`}
    >
      <Enrolment next={next} />
    </AuthFrame>
  );
}
