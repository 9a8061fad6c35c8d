import { hasPermission, ofContainer } from '#lib/access/authorize.ts';
import { listHolds } from '#lib/holds/holds.ts';
import { listOperations } from '#lib/operations/list.ts';
import { holdReasonsOf } from '../../../_page/holds.ts';
import { actorFor, containerFor } from '../../../_page/reader.ts';
import { HoldCard } from '../../../_ui/holds/hold-card.tsx';
import { Overview } from '../../../_ui/overview.tsx';

const shown = 6;

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await actorFor(`/containers/${id}`);
  const container = await containerFor(actor, id);
  const { items } = await listOperations(actor, { containerId: id, limit: shown });
  const about = ofContainer(container);
  const holds = hasPermission(actor, 'hold.put', about) ? (await listHolds(actor, { containerId: id })).items : null;
  return (
    <Overview container={container} operations={items}>
      {holds !== null && (
        <HoldCard
          over={{ kind: 'container', id, name: container.name }}
          holds={holds}
          may={holdReasonsOf(actor, about)}
        />
      )}
    </Overview>
  );
}
