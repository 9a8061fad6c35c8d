import { hasUnlessHeld, ofContainer } from '#lib/access/authorize.ts';
import { listBackups } from '#lib/backups/list.ts';
import { t } from '#lib/language/text.ts';
import { listSnapshots } from '#lib/snapshots/list.ts';
import { Denied } from '../../../../_page/denied.tsx';
import { actorFor, containerFor } from '../../../../_page/reader.ts';
import { Ladder } from '../../../../_ui/ladder.tsx';
import { Card } from '../../../../_ui/page.tsx';
import { RetainedVolumes } from '../../../../_ui/retained.tsx';
import { SnapshotsCard } from '../../../../_ui/snapshots-card.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await actorFor(`/containers/${id}/fix`);
  const container = await containerFor(actor, id);
  if (container.can.restore === undefined && container.can.reinstall === undefined) {
    return (
      <Denied
        actor={actor}
        container={container}
        verb="backup.restore"
        title={t('Repairs are not yours to make here')}
      />
    );
  }
  const { items } = await listBackups(actor, id, { limit: 50 });
  const snapshots = await listSnapshots(actor, id, { limit: 50 });
  return (
    <div className="max-w-3xl">
      <p className="mb-4 text-muted">
        {t('From the gentlest to the strongest. Begin at the top; go on only if it did not help.')}
      </p>
      <Card title={t('Fix it')} flush className="mb-4">
        <Ladder
          container={container}
          backups={items.filter((backup) => backup.state === 'complete').length}
          snapshots={snapshots.items.filter((snapshot) => snapshot.state === 'present').length}
        />
      </Card>
      <SnapshotsCard
        container={container}
        snapshots={snapshots}
        mayDelete={hasUnlessHeld(actor, 'snapshot.delete', ofContainer(container))}
      />
      <RetainedVolumes container={container} />
    </div>
  );
}
