import { hasPermission, hasUnlessHeld, ofContainer, ofTenant } from '#lib/access/authorize.ts';
import { listLabels } from '#lib/containers/labels.ts';
import { listHandovers } from '#lib/handovers/list.ts';
import { t } from '#lib/language/text.ts';
import { Denied } from '../../../../_page/denied.tsx';
import { actorFor, containerFor, found } from '../../../../_page/reader.ts';
import { HandoverCard } from '../../../../_ui/handover-card.tsx';
import { LabelsCard } from '../../../../_ui/labels/labels-card.tsx';
import { SettingsPanel } from '../../../../_ui/settings-panel.tsx';

export default async function Page({ params }: { params: Promise<{ id: string }> }) {
  const { id } = await params;
  const actor = await actorFor(`/containers/${id}/settings`);
  const container = await containerFor(actor, id);
  const labels = hasUnlessHeld(actor, 'container.label', ofContainer(container));
  if (container.can.access === undefined && container.can['restart-policy'] === undefined && !labels) {
    return <Denied actor={actor} container={container} verb="container.access" title={t('No settings for you here')} />;
  }
  const account = ofTenant(container.tenantId);
  const mayOffer = hasUnlessHeld(actor, 'handover.offer', account);
  const [known, offers] = await Promise.all([
    labels ? listLabels(actor, { tenantId: container.tenantId }) : null,
    mayOffer ? found(listHandovers(actor, { containerId: id, open: true, limit: 1 })) : null,
  ]);
  return (
    <>
      <SettingsPanel container={container} />
      {known !== null && (
        <div className="mt-4 max-w-3xl">
          <LabelsCard key={container.labels.join()} container={container} known={known.items.map((one) => one.label)} />
        </div>
      )}
      {offers !== null && (
        <div className="mt-4 max-w-3xl">
          <HandoverCard
            container={container}
            open={offers.items[0] ?? null}
            onBehalf={!hasPermission(actor, 'handover.consent', account)}
          />
        </div>
      )}
    </>
  );
}
