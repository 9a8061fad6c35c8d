import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { actorFor, meOf } from '../../_page/reader.ts';
import { AccountPanel } from '../../_ui/account-panel.tsx';
import { LinkButton } from '../../_ui/button.tsx';
import { PageHead } from '../../_ui/page.tsx';

export const metadata: Metadata = { title: 'Account' };

export default async function Page() {
  const actor = await actorFor('/account');
  const me = await meOf(actor);
  return (
    <>
      <PageHead title="Account">
        {hasPermission(actor, 'webhook.read') && <LinkButton href="/account/webhooks">Webhooks</LinkButton>}
      </PageHead>
      <AccountPanel me={me} />
    </>
  );
}
