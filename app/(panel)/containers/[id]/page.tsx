import { listOperations } from '#lib/operations/list.ts';
import { actorFor, containerFor } from '../../../_page/reader.ts';
import { Overview } from '../../../_ui/overview.tsx';

const shown = 6;

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await actorFor(`/containers/${id}`);
  const container = await containerFor(actor, id);
  const { items } = await listOperations(actor, { containerId: id, limit: shown });
  return <Overview container={container} operations={items} />;
}
