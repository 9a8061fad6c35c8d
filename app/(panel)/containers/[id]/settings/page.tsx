import { notFound } from 'next/navigation';
import { actorFor, containerFor } from '../../../../_page/reader.ts';
import { SettingsPanel } from '../../../../_ui/settings-panel.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const container = await containerFor(await actorFor(`/containers/${id}/settings`), id);
  if (container.can.access === undefined && container.can['restart-policy'] === undefined) notFound();
  return <SettingsPanel container={container} />;
}
