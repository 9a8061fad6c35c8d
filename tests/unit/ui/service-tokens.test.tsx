import { renderToString } from 'react-dom/server';
import { describe, expect, it, vi } from 'vitest';
import { LiveProvider } from '#app/_ui/live.tsx';
import { tokenWish } from '#app/_ui/new-token.tsx';
import { NowProvider } from '#app/_ui/now.tsx';
import { TeamTable } from '#app/_ui/team-table.tsx';
import { TokenList } from '#app/_ui/token-list.tsx';
import type { Member } from '#lib/contract/members.ts';
import { CreateToken, type Token } from '#lib/contract/tokens.ts';
import { ago, id } from '#tests/support/fixtures.ts';

vi.mock('next/navigation', () => ({ useRouter: () => ({ refresh: () => {} }) }));

const member = (over: Partial<Member>): Member => ({
  ...{ id: id(3, 1), kind: 'person', state: 'member', name: 'Ann', email: 'ann@example.test', since: ago(0) },
  ...{ expiresAt: null, lastSeenAt: null, factor: false, lastOwner: false, assignments: [] },
  ...over,
});
const robot = member({ id: id(3, 2), kind: 'service', name: 'deployer', email: null });
const team = (mayManage: boolean) =>
  renderToString(
    <NowProvider at={Date.now()}>
      <TeamTable
        account={{ id: id(1, 1), kind: 'tenant' }}
        members={[member({}), robot]}
        roles={[]}
        mayManage={mayManage}
        mayReset={false}
        me={id(3, 1)}
      />
    </NowProvider>,
  );
const token: Token = {
  ...{
    id: id(4, 1),
    name: 'ci',
    userId: robot.id,
    userName: 'deployer',
    verbs: null,
    containerIds: null,
    labels: null,
  },
  ...{ addresses: null, brandId: null, createdAt: ago(0), lastUsedAt: null, expiresAt: null, current: false },
};

describe('a service account', () => {
  it('has its tokens in the table of the team, for who manages that; a person has none there', () => {
    expect(team(true)).toContain('aria-label="Tokens of deployer"');
    expect(team(true)).not.toContain('Tokens of Ann');
    expect(team(false)).not.toContain('Tokens of');
  });
  it('is whose the token becomes that is asked for in its name, with what was filled in', () => {
    const data = new FormData();
    for (const [name, value] of [
      ['name', 'ci'],
      ['verbs', 'container.read, container.start'],
      ['addresses', '192.0.2.0/24'],
      ['days', '30'],
    ] as const)
      data.set(name, value);
    const chosen = { over: 'labels' as const, labels: ['web'], containerIds: [id(5, 1)] };
    const wish = tokenWish(data, chosen, { id: robot.id, name: 'deployer', tenantId: id(1, 1) });
    expect(CreateToken.parse(wish)).toEqual({
      ...{ name: 'ci', verbs: ['container.read', 'container.start'], addresses: ['192.0.2.0/24'], labels: ['web'] },
      ...{ serviceAccountId: robot.id, expiresAt: expect.any(String) },
    });
    data.set('days', '');
    data.set('verbs', '');
    data.set('addresses', ' ');
    expect(tokenWish(data, { ...chosen, over: 'all' })).toEqual({ name: 'ci' });
  });
  it('has tokens that say what it may, and one’s own what oneself may', () => {
    const list = (others: boolean) =>
      renderToString(
        <NowProvider at={Date.now()}>
          <LiveProvider myId={id(3, 1)}>
            <TokenList tokens={[token]} others={others} />
          </LiveProvider>
        </NowProvider>,
      );
    expect(list(true)).toContain('all it may');
    expect(list(false)).toContain('all you may');
    expect(list(true)).toContain('aria-label="Revoke the token ci"');
  });
});
