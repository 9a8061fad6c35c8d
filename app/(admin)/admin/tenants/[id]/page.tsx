import type { Metadata } from 'next';
import Link from 'next/link';
import { cache } from 'react';
import type { UserActor } from '#lib/access/actor.ts';
import { hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { listHolds } from '#lib/holds/holds.ts';
import { t } from '#lib/language/text.ts';
import { getTenant } from '#lib/tenants/list.ts';
import { holdReasonsOf } from '../../../../_page/holds.ts';
import { actorFor, found } from '../../../../_page/reader.ts';
import { LinkButton } from '../../../../_ui/button.tsx';
import { HoldCard } from '../../../../_ui/holds/hold-card.tsx';
import { Card, Facts, PageHead } from '../../../../_ui/page.tsx';
import { At } from '../../../../_ui/time.tsx';

/** Once for the title and the page. */
const tenantFor = cache(async (actor: UserActor, id: string) => found(getTenant(actor, id)));

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params;
  const actor = await actorFor(`/admin/tenants/${id}`);
  return { title: (await tenantFor(actor, id)).name };
}

/** One customer's account: what it has, who is in it, what holds it. */
export default async function Page({ params }: Props) {
  const { id } = await params;
  const actor = await actorFor(`/admin/tenants/${id}`);
  const [tenant, { items: holds }] = await Promise.all([
    tenantFor(actor, id),
    found(listHolds(actor, { tenantId: id })),
  ]);
  const about = ofTenant(id);
  const mayHold = hasPermission(actor, 'hold.put', about);
  const team = hasPermission(actor, 'member.read', about);
  return (
    <>
      <PageHead title={tenant.name} sub={<Link href="/admin/tenants">{t('All tenants')}</Link>}>
        <LinkButton href={`/admin/containers?tenantId=${id}`}>{t('Containers')}</LinkButton>
        {team && <LinkButton href={`/team?tenant=${id}`}>{t('Team')}</LinkButton>}
        {team && <LinkButton href={`/team/roles?tenant=${id}`}>{t('Roles')}</LinkButton>}
      </PageHead>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title={t('Account')}>
          <Facts
            items={[
              [t('Containers'), tenant.containers],
              [t('People'), tenant.users],
              [t('Created'), <At key="created" at={tenant.createdAt} />],
            ]}
          />
        </Card>
        {(mayHold || holds.length > 0) && (
          <HoldCard
            over={{ kind: 'tenant', id, name: tenant.name }}
            holds={holds}
            may={mayHold ? holdReasonsOf(actor, about) : []}
          />
        )}
      </div>
    </>
  );
}
