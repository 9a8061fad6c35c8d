import { SquareTerminal } from 'lucide-react';
import { notFound } from 'next/navigation';
import { actorFor, containerFor } from '../../../../_page/reader.ts';
import { Console } from '../../../../_ui/console.tsx';
import { Card, Empty } from '../../../../_ui/page.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const container = await containerFor(await actorFor(`/containers/${id}/console`), id);
  const verdict = container.can.console;
  if (verdict === undefined) notFound();
  if (!verdict.allowed) {
    return (
      <Card flush>
        <Empty icon={SquareTerminal} title="No console now">
          {verdict.reason}
        </Empty>
      </Card>
    );
  }
  return <Console containerId={container.id} name={container.name} />;
}
