import { actorFor, containerFor } from '../../../../_page/reader.ts';
import { NetworkPanel } from '../../../../_ui/network-panel.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const container = await containerFor(await actorFor(`/containers/${id}/network`), id);
  return <NetworkPanel container={container} />;
}
