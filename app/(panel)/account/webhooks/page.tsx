import { Webhook } from 'lucide-react';
import type { Metadata } from 'next';
import { hasPermission } from '#lib/access/authorize.ts';
import { t } from '#lib/language/text.ts';
import { listDeliveries } from '#lib/webhooks/deliveries.ts';
import { listWebhooks } from '#lib/webhooks/manage.ts';
import { idParam, pageQuery, type Search } from '../../../_page/query.ts';
import { actorFor, found } from '../../../_page/reader.ts';
import { CreateWebhook } from '../../../_ui/create-webhook.tsx';
import { DeliveryTable } from '../../../_ui/delivery-table.tsx';
import { Card, Empty, PageHead } from '../../../_ui/page.tsx';
import { Pager } from '../../../_ui/pager.tsx';
import { WebhookTable } from '../../../_ui/webhook-table.tsx';

export function generateMetadata(): Metadata {
  return { title: t('Webhooks') };
}

export default async function Page({ searchParams }: { searchParams: Search }) {
  const actor = await actorFor('/account/webhooks');
  const query = await pageQuery(searchParams);
  const shown = await idParam(searchParams, 'log');
  const mayChange = hasPermission(actor, 'webhook.manage');
  const { items, nextCursor } = await found(listWebhooks(actor, query));
  const log = shown === undefined ? null : await found(listDeliveries(actor, shown, { limit: 50 }));
  return (
    <>
      <PageHead
        title={t('Webhooks')}
        sub={t('Programs elsewhere that are told when an operation ends. What they hear is signed.')}
      >
        {mayChange && <CreateWebhook />}
      </PageHead>
      {items.length === 0 ? (
        <div className="card">
          <Empty icon={Webhook} title={t('No webhooks yet')}>
            {t(
              'A webhook is an https address that is told when an operation succeeds, fails, is cancelled or gets stuck.',
            )}
          </Empty>
        </div>
      ) : (
        <WebhookTable webhooks={items} shown={shown ?? null} mayChange={mayChange} />
      )}
      <Pager path="/account/webhooks" nextCursor={nextCursor} cursor={query.cursor} />
      {log !== null && (
        <Card title={t('What it was told')} className="mt-4" flush>
          {log.items.length === 0 ? (
            <p className="sub px-4 pb-4">{t('Nothing yet.')}</p>
          ) : (
            <DeliveryTable deliveries={log.items} mayReplay={mayChange} />
          )}
        </Card>
      )}
    </>
  );
}
