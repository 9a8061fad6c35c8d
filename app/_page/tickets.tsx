import { LifeBuoy } from 'lucide-react';
import { hasPermission } from '#lib/access/authorize.ts';
import { listContainers } from '#lib/containers/list.ts';
import { TicketState } from '#lib/contract/tickets.ts';
import { t } from '#lib/language/text.ts';
import { listPlans } from '#lib/plans/list.ts';
import { listTemplates } from '#lib/templates/list.ts';
import { getTicket } from '#lib/tickets/get.ts';
import { listTickets } from '#lib/tickets/list.ts';
import { Filter } from '../_ui/filter.tsx';
import { Empty, PageHead } from '../_ui/page.tsx';
import { Pager } from '../_ui/pager.tsx';
import { ConsentCard } from '../_ui/tickets/consents.tsx';
import { GetHelp } from '../_ui/tickets/get-help.tsx';
import { RequestMore } from '../_ui/tickets/request-more.tsx';
import { ActionCard, TicketFacts } from '../_ui/tickets/side.tsx';
import { SnapshotCard } from '../_ui/tickets/snapshot.tsx';
import { Thread } from '../_ui/tickets/thread.tsx';
import { TicketTable } from '../_ui/tickets/ticket-table.tsx';
import { stateChoices, TicketBadge } from '../_ui/tickets/words.tsx';
import { pageQuery, param, type Search } from './query.ts';
import { actorFor, found } from './reader.ts';

/** The list of tickets, for those who ask and for those who are asked. */
export async function TicketsPage({
  base,
  staff,
  searchParams,
}: {
  base: string;
  staff: boolean;
  searchParams: Search;
}) {
  const actor = await actorFor(base);
  const query = await pageQuery(searchParams);
  const state = TicketState.safeParse(await param(searchParams, 'state')).data;
  const { items, nextCursor } = await found(
    listTickets(actor, { ...query, ...(state === undefined ? {} : { state }) }),
  );
  const asks = !staff && hasPermission(actor, 'ticket.create');
  return (
    <>
      <PageHead
        title={staff ? t('Tickets') : t('Help')}
        sub={staff ? t('Where something happened last comes first.') : t('What you asked for, and what became of it.')}
      >
        {staff && (
          <Filter
            label={t('State')}
            path={base}
            name="state"
            value={state}
            options={stateChoices.map(({ value, label }) => ({ value, label: t(label) }))}
          />
        )}
        {asks && <RequestMore choices={await choicesFor(actor)} />}
        {asks && <GetHelp label={t('Ask for help')} variant="primary" />}
      </PageHead>
      <div className="card">
        {items.length === 0 ? (
          <Empty icon={LifeBuoy} title={staff ? t('Nobody needs help') : t('You have not asked for anything')}>
            {!staff && t('When something is broken, "Get help" on the container takes along what is known of it.')}
          </Empty>
        ) : (
          <TicketTable tickets={items} base={base} staff={staff} />
        )}
      </div>
      <Pager path={base} query={{ state }} nextCursor={nextCursor} cursor={query.cursor} />
    </>
  );
}

async function choicesFor(actor: Awaited<ReturnType<typeof actorFor>>) {
  const [plans, templates, containers] = await Promise.all([
    listPlans(actor, { limit: 100 }),
    listTemplates(actor, { limit: 100 }),
    listContainers(actor, { limit: 200 }),
  ]);
  return {
    plans: plans.items.map(({ id, name }) => ({ id, name })),
    templates: templates.items.filter(({ offered }) => offered).map(({ id, title }) => ({ id, title })),
    containers: containers.items.map(({ id, name }) => ({ id, name })),
  };
}

export async function TicketPage({ id, base, staff }: { id: string; base: string; staff: boolean }) {
  const actor = await actorFor(`${base}/${id}`);
  const ticket = await found(getTicket(actor, id));
  return (
    <>
      <PageHead title={ticket.subject} sub={<a href={base}>{staff ? t('All tickets') : t('All you asked for')}</a>}>
        <TicketBadge state={ticket.state} staff={staff} />
      </PageHead>
      <div className="grid items-start gap-4 lg:grid-cols-[minmax(0,1fr)_320px]">
        <div className="min-w-0">
          <ActionCard ticket={ticket} />
          <Thread ticket={ticket} />
        </div>
        <div className="min-w-0">
          <TicketFacts ticket={ticket} staff={staff} />
          <ConsentCard ticket={ticket} />
          {ticket.snapshot !== null && <SnapshotCard snapshot={ticket.snapshot} />}
        </div>
      </div>
    </>
  );
}
