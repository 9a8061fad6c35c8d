import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { LiveProvider } from '#app/_ui/live.tsx';
import { MeProvider } from '#app/_ui/me.tsx';
import { NowProvider } from '#app/_ui/now.tsx';
import { OperationCard } from '#app/_ui/operation-card.tsx';
import { TicketMentions } from '#app/_ui/tickets/mentions.tsx';
import { operationHref } from '#app/_ui/tickets/side.tsx';
import { Timeline } from '#app/_ui/timeline.tsx';
import { me, operation } from '#tests/support/fixtures.ts';

vi.mock('next/navigation', () => ({ useRouter: () => ({ refresh: () => {} }) }));

const ticket = { id: '01900000-0000-7000-8000-00000000000a', number: 12, state: 'open' } as const;

function drawn(content: React.ReactNode, about: string, staff: boolean): string {
  const html = renderToString(
    <NowProvider at={Date.now()}>
      <MeProvider me={{ ...me('tenant-owner'), areas: [] }}>
        <LiveProvider myId="s">
          <TicketMentions of={{ [about]: [ticket] }} staff={staff}>
            {content}
          </TicketMentions>
        </LiveProvider>
      </MeProvider>
    </NowProvider>,
  );
  return html.replaceAll('<!-- -->', '');
}

describe('an operation that a ticket is about', () => {
  const failed = operation('start', 'failed');
  const stuck = operation('start', 'stuck');

  it('links to it, each reader to where they read tickets', () => {
    expect(drawn(<Timeline operations={[failed]} />, failed.id, false)).toMatch(
      new RegExp(`href="/help/${ticket.id}"[^>]*>Ticket #12<`),
    );
    expect(drawn(<Timeline operations={[failed]} />, failed.id, true)).toContain(`/admin/tickets/${ticket.id}`);
    expect(drawn(<OperationCard operation={stuck} />, stuck.id, true)).toContain(`/admin/tickets/${ticket.id}`);
  });

  it('is the only one that does', () => {
    expect(drawn(<Timeline operations={[failed]} />, 'another', false)).not.toContain('Ticket #12');
  });

  it('is what the ticket leads to, not a list', () => {
    expect(operationHref('c', 'o')).toBe('/containers/c/activity?operation=o');
  });
});
