import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { listTokens } from '#lib/auth/tokens.ts';
import { t } from '#lib/language/text.ts';
import { actorFor, meOf } from '../../_page/reader.ts';
import { AccountPanel } from '../../_ui/account-panel.tsx';
import { LinkButton } from '../../_ui/button.tsx';
import { LanguageCard } from '../../_ui/language-choice.tsx';
import { PageHead } from '../../_ui/page.tsx';
import { TokenCard } from '../../_ui/token-card.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Account') };
}

export default async function Page() {
  const actor = await actorFor('/account');
  const [me, tokens] = [await meOf(actor), await listTokens(actor, {})];
  return (
    <>
      <PageHead title={t('Account')}>
        <LinkButton href="/account/security">{t('Second factor')}</LinkButton>
        {hasPermission(actor, 'webhook.read') && <LinkButton href="/account/webhooks">{t('Webhooks')}</LinkButton>}
      </PageHead>
      <AccountPanel me={me} />
      <div className="mt-4">
        <LanguageCard chosen={me.language} />
      </div>
      <div className="mt-4">
        <TokenCard tokens={tokens.items} />
      </div>
    </>
  );
}
