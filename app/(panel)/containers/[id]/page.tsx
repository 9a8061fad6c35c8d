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
  const about = ofContainer(container);
  const [{ items }, holds] = await Promise.all([
    listOperations(actor, { containerId: id, limit: shown }),
    hasPermission(actor, 'hold.put', about) ? listHolds(actor, { containerId: id }) : null,
  ]);
  return (
    <Overview container={container} operations={items}>
      {holds !== null && (
        <HoldCard
          over={{ kind: 'container', id, name: container.name }}
          holds={holds.items}
          may={holdReasonsOf(actor, about)}
        />
      )}
    </Overview>
  );
}
