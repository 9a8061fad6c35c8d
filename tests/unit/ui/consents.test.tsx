import { renderToString } from 'react-dom/server';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { LiveProvider } from '#app/_ui/live.tsx';
import { NowProvider } from '#app/_ui/now.tsx';
import { chosenIn, durationsUpTo, ScopeChoices } from '#app/_ui/tickets/consent-fields.tsx';
import { ConsentNotices } from '#app/_ui/tickets/consents.tsx';
import type { Language } from '#lib/contract/language.ts';
import type { Consent } from '#lib/contract/tickets.ts';
import { addCatalog } from '#lib/language/catalogs.ts';
import { german } from '#lib/language/german/all.ts';
import { said } from '#lib/language/german/said/all.ts';
import { spokenOnServer } from '#lib/language/spoken.ts';
import { ago } from '#tests/support/fixtures.ts';

vi.mock('next/navigation', () => ({ useRouter: () => ({ refresh: () => {} }) }));

let language: Language = 'en';
beforeAll(() => {
  addCatalog('de', { texts: german, said });
  spokenOnServer.set(() => language);
});
afterEach(() => {
  language = 'en';
});

const nothing = { grant: false, revoke: false, approve: false, withdraw: false };
const consent = (over: Partial<Consent>): Consent => ({
  ...{ id: 'c', ticketId: 't', tenantId: 'a', containerId: 'b', containerName: 'web', minutes: 60 },
  ...{ staff: { id: 's', name: 'Sam Support' }, scopes: ['files'], reason: 'It is slow.', emergency: false },
  ...{ state: 'granted', askedAt: ago(60_000), grantedAt: ago(30_000), grantedBy: 'Olga', approvals: [] },
  ...{ approvalsNeeded: 0, expiresAt: ago(-3_600_000), endedAt: null, endedBy: null, lastUsedAt: null },
  ...{ mine: false, can: nothing },
  ...over,
});
const drawn = (one: Consent, staff: boolean, speaks: Language = 'en') => {
  language = speaks;
  const html = renderToString(
    <NowProvider at={Date.now()}>
      <LiveProvider myId="s">
        <ConsentNotices consents={[one]} staff={staff} />
      </LiveProvider>
    </NowProvider>,
  );
  return html.replace(/<[^>]*>/g, '');
};

describe('the notice over a container that staff may look into', () => {
  const mine = { mine: true, can: { ...nothing, withdraw: true } };

  it('speaks to whoever has the access, and of them to everybody else', () => {
    expect(drawn(consent(mine), true)).toMatch(
      /^You may look inside for another .*You may read files\. .*End my access$/,
    );
    expect(drawn(consent(mine), true)).not.toMatch(/Sam Support|They may/);
    const toTheTenant = drawn(consent({ can: { ...nothing, revoke: true } }), false);
    expect(toTheTenant).toMatch(/^Sam Support may look inside for another .*They may read files\. .*End it now$/);
    const german = drawn(consent(mine), true, 'de');
    expect(german).toMatch(/^Sie dürfen noch .* hineinsehen.*Sie dürfen: .*Meinen Zugriff beenden$/);
    expect(german).not.toContain('Sam Support');
  });

  it('tells nobody of the staff of a consent of theirs in an emergency', () => {
    const emergency = { emergency: true, grantedBy: 'emergency, approved by Ann' };
    for (const one of [consent({ ...mine, ...emergency }), consent(emergency)]) {
      expect(drawn(one, true)).toContain('An emergency, without the customer’s consent; emergency, approved by Ann.');
      expect(drawn(one, true, 'de')).toContain('ohne Einwilligung des Kunden');
    }
    expect(drawn(consent(emergency), false)).toContain('An emergency, without your consent;');
  });

  it('asks whoever may say yes in a dialog, not by one click', () => {
    const asked = { state: 'asked', grantedAt: null, grantedBy: null, expiresAt: null } as const;
    const html = drawn(consent({ ...asked, can: { ...nothing, grant: true, revoke: true } }), false);
    expect(html).toMatch(/Let them…No$/);
  });

  it('shows who asks what they wait for, with the way to take it back', () => {
    const asked = { ...mine, state: 'asked', grantedAt: null, grantedBy: null, expiresAt: null } as const;
    expect(drawn(consent(asked), true)).toMatch(
      /^You ask to look inside; the customer decides.*Take the request back$/,
    );
    expect(drawn(consent({ ...asked, emergency: true }), true)).toMatch(
      /^You ask to look inside; other administrators/,
    );
    expect(drawn(consent({ ...asked, mine: false, can: nothing }), true)).toBe('');
  });
});

describe('letting somebody in', () => {
  it('is offered for as long as was asked, and for less, never for more', () => {
    const offered = (minutes: number) => durationsUpTo(minutes).map((one) => one.minutes);
    expect(offered(60)).toEqual([30, 60]);
    expect(offered(1440)).toEqual([30, 60, 240, 1440]);
    expect(offered(45)).toEqual([30, 45]);
    expect(offered(5)).toEqual([5]);
    expect(durationsUpTo(45).map((one) => one.label)).toEqual(['30 minutes', '45 minutes']);
  });

  it('shows what was asked for, all of it chosen, and nothing else', () => {
    const html = renderToString(<ScopeChoices scopes={['console', 'files']} chosen={['console', 'files']} />);
    expect([...html.matchAll(/name="(\w+)"/g)].map((one) => one[1])).toEqual(['console', 'files']);
    expect(html.match(/checked=""/g)).toHaveLength(2);
    expect(html).not.toContain('Run commands');
  });

  it('sends what is left chosen', () => {
    const data = new FormData();
    data.set('files', 'on');
    data.set('minutes', '30');
    expect(chosenIn(data)).toEqual({ scopes: ['files'], minutes: 30 });
  });
});
