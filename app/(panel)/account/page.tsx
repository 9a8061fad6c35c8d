import type { Metadata } from 'next';
import { actorFor, meOf } from '../../_page/reader.ts';
import { AccountPanel } from '../../_ui/account-panel.tsx';
import { PageHead } from '../../_ui/page.tsx';

export const metadata: Metadata = { title: 'Account' };

export default async function Page() {
  const me = await meOf(await actorFor('/account'));
  return (
    <>
      <PageHead title="Account" />
      <AccountPanel me={me} />
    </>
  );
}
