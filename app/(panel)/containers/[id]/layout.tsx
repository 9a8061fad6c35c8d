import type { Metadata } from 'next';
import { hasPermission, isBound, ofContainer } from '#lib/access/authorize.ts';
import { listConsents } from '#lib/consents/list.ts';
import { heldReason } from '#lib/contract/holds.ts';
import { t } from '#lib/language/text.ts';
import { said } from '#lib/language/translate.ts';
import { WithTickets } from '../../../_page/mentions.tsx';
import { actorFor, containerFor, isStaff } from '../../../_page/reader.ts';
import { ContainerHead } from '../../../_ui/container-head.tsx';
import { ContainerNotices } from '../../../_ui/container-notices.tsx';
import { tabsOf } from '../../../_ui/container-tabs.ts';
import { Held } from '../../../_ui/held.tsx';
import { ActiveOperation } from '../../../_ui/operation-card.tsx';
import { Tabs } from '../../../_ui/tabs.tsx';
import { ConsentNotices } from '../../../_ui/tickets/consents.tsx';

type Props = { params: Promise<{ id: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params;
  const { name } = await containerFor(await actorFor(`/containers/${id}`), id);
  return { title: name };
}

/** Name, state, what runs, what is wrong: the same above every page of a container. */
export default async function Layout({ params, children }: Props & { children: React.ReactNode }) {
  const { id } = await params;
  const actor = await actorFor(`/containers/${id}`);
  const container = await containerFor(actor, id);
  const consents = hasPermission(actor, 'ticket.read') ? (await listConsents(actor, { containerId: id })).items : [];
  const bound = isBound(actor, ofContainer(container));
  return (
    <>
      <ContainerHead container={container} staff={isStaff(actor)} />
      <Tabs label={t('Pages of {name}', { name: container.name })} items={tabsOf(container)} />
      <WithTickets actor={actor} operations={container.operation === null ? [] : [container.operation]}>
        <ActiveOperation container={container} />
      </WithTickets>
      <ConsentNotices consents={consents} staff={isStaff(actor)} />
      <ContainerNotices container={container} bound={bound} />
      <Held reason={bound ? said(heldReason) : null}>{children}</Held>
    </>
  );
}
