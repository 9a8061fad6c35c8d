import type { Metadata } from 'next';
import Link from 'next/link';
import { hasPermission, ofTenant } from '#lib/access/authorize.ts';
import { listHolds } from '#lib/holds/holds.ts';
import { getTenant } from '#lib/tenants/list.ts';
import { holdReasonsOf } from '../../../../_page/holds.ts';
import { actorFor, found } from '../../../../_page/reader.ts';
import { LinkButton } from '../../../../_ui/button.tsx';
import { HoldCard } from '../../../../_ui/holds/hold-card.tsx';
import { Card, Facts, PageHead } from '../../../../_ui/page.tsx';
import { At } from '../../../../_ui/time.tsx';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params;
  const actor = await actorFor(`/admin/tenants/${id}`);
  return { title: (await found(getTenant(actor, id))).name };
}

/** One customer's account: what it has, who is in it, what holds it. */
export default async function Page({ params }: Props) {
  const { id } = await params;
  const actor = await actorFor(`/admin/tenants/${id}`);
  const tenant = await found(getTenant(actor, id));
  const about = ofTenant(id);
  const { items: holds } = await found(listHolds(actor, { tenantId: id }));
  const mayHold = hasPermission(actor, 'hold.put', about);
  const team = hasPermission(actor, 'member.read', about);
  return (
    <>
      <PageHead title={tenant.name} sub={<Link href="/admin/tenants">All tenants</Link>}>
        <LinkButton href={`/admin/containers?tenantId=${id}`}>Containers</LinkButton>
        {team && <LinkButton href={`/team?tenant=${id}`}>Team</LinkButton>}
        {team && <LinkButton href={`/team/roles?tenant=${id}`}>Roles</LinkButton>}
      </PageHead>
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title="Account">
          <Facts
            items={[
              ['Containers', tenant.containers],
              ['People', tenant.users],
              ['Created', <At key="created" at={tenant.createdAt} />],
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
