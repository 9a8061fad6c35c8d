import { renderToString } from 'react-dom/server';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { detailLines, knownFacts, whoWords } from '#app/_ui/audit-words.ts';
import { NowProvider } from '#app/_ui/now.tsx';
import { SnapshotCard } from '#app/_ui/tickets/snapshot.tsx';
import type { Language } from '#lib/contract/language.ts';
import type { TicketSnapshot } from '#lib/contract/tickets.ts';
import { addCatalog } from '#lib/language/catalogs.ts';
import { german } from '#lib/language/german/all.ts';
import { said } from '#lib/language/german/said/all.ts';
import { spokenOnServer } from '#lib/language/spoken.ts';
import { ago, container, operation } from '#tests/support/fixtures.ts';

let language: Language = 'en';
beforeAll(() => {
  addCatalog('de', { texts: german, said });
  spokenOnServer.set(() => language);
});
afterEach(() => {
  language = 'en';
});
const inGerman = <T,>(work: () => T): T => {
  language = 'de';
  return work();
};

it('who did it is a name, and an unknown visitor is unknown in the language of the reader', () => {
  const visitor = { actor: { kind: 'system', id: null, name: 'unknown' } } as const;
  expect([whoWords(visitor), inGerman(() => whoWords(visitor))]).toEqual(['unknown', 'unbekannt']);
  expect(inGerman(() => whoWords({ actor: { kind: 'user', id: null, name: 'unknown' } }))).toBe('unknown');
});

describe('what the record says besides', () => {
  const entries = [
    [
      { verb: 'member.manage', detail: { before: ['tenant-viewer'], after: ['tenant-owner', 'tenant-billing'] } },
      ['before: Viewer', 'after: Owner, Billing'],
      ['vorher: Leser', 'nachher: Inhaber, Abrechnung'],
    ],
    [
      { verb: 'session.create', detail: { address: '192.0.2.1', by: 'recovery code' } },
      ['address: 192.0.2.1', 'by: recovery code'],
      ['Adresse: 192.0.2.1', 'durch: Notfallcode'],
    ],
    [
      { verb: 'hold.place', detail: { reason: 'billing', stop: true, message: 'billing' } },
      ['reason: Billing', 'stop: yes', 'message: billing'],
      ['Grund: Abrechnung', 'gestoppt: ja', 'Nachricht: billing'],
    ],
    [
      { verb: 'operation.fail', detail: { kind: 'backup', state: 'stuck', code: 'action_failed' } },
      ['kind: Backup', 'state: Stuck', 'code: action_failed'],
      ['Art: Sicherung', 'Zustand: Hängt fest', 'Code: action_failed'],
    ],
    [
      {
        verb: 'brand.change',
        detail: { before: { title: 'backup' }, after: { title: 'Neu', price: null }, found: [] },
      },
      ['before: title: backup', 'after: title: Neu; price: –', 'found: –'],
      ['vorher: Titel: backup', 'nachher: Titel: Neu; Preis: –', 'gefunden: –'],
    ],
    // What joins facts to one line is words too.
    [
      {
        verb: 'identity.manage',
        detail: {
          after: {
            unknownPeople: 'make',
            mappings: [
              { group: 'owners', role: 'tenant-owner', tenantId: 'a' },
              { group: 'make', role: 'auditor', tenantId: null },
            ],
          },
          secretChanged: true,
        },
      },
      [
        'after: unknownPeople: make; mappings: group: owners; role: Owner; tenantId: a, group: make; role: Auditor; tenantId: –',
        'secretChanged: yes',
      ],
      [
        'nachher: unbekannte Personen: anlegen; Rollen nach Gruppen: Gruppe: owners; Rolle: Inhaber; Kunde: a, Gruppe: make; Rolle: Prüfer; Kunde: –',
        'Geheimnis geändert: ja',
      ],
    ],
    // A label is somebody's, and may be called as a role is.
    [
      { verb: 'container.label', detail: { labels: ['support'], before: ['auditor'] } },
      ['labels: support', 'before: auditor'],
      ['Labels: support', 'vorher: auditor'],
    ],
  ] as const;
  it.each(entries)('%j', (entry, english, deutsch) => {
    expect(detailLines(entry)).toEqual(english);
    expect(inGerman(() => detailLines(entry))).toEqual(deutsch);
  });
  it('is called in English as the record calls it', () => {
    for (const fact of knownFacts) expect(detailLines({ verb: 'x', detail: { [fact]: 7 } })).toEqual([`${fact}: 7`]);
  });
  it('takes no name for one of ours that every object has', () => {
    const detail = { constructor: 'toString', by: 'constructor', priority: 'toString' };
    expect(detailLines({ verb: 'x', detail })).toEqual([
      'constructor: toString',
      'by: constructor',
      'priority: toString',
    ]);
  });
});

describe('how a container stood when help was asked for', () => {
  const lastExit = { cause: 'oom', status: 137, at: ago(60_000), ranSince: null } as const;
  const lastKnown = { state: 'running', at: ago(360_000) } as const;
  const snapshot = {
    takenAt: ago(0),
    container: container(1, { state: 'unknown', lastKnown, lastExit, exits: [lastExit] }),
    plan: null,
    operations: [{ ...operation('backup', 'failed'), evidence: ['berth-x is still mounted'] }],
  } as unknown as TicketSnapshot;
  const drawn = () =>
    renderToString(
      <NowProvider at={Date.now()}>
        <SnapshotCard snapshot={snapshot} />
      </NowProvider>,
    ).replaceAll('<!-- -->', '');
  it('is said in the words that its own page has', () => {
    expect(drawn()).toContain('The kernel ended its first process because memory ran out, ');
    expect(drawn()).toMatch(/Unknown.*was running <time/s);
    const german = inGerman(drawn);
    expect(german).not.toMatch(/\boom\b|The kernel/);
    expect(german).toContain('Arbeitsspeicher');
  });
});
