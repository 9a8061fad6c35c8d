/** What a request could be made to do besides: by another site's page, by fields nobody asked for, by ids of other things; and what its time tells. */

import { eq, sql } from 'drizzle-orm';
import { encode } from 'next-auth/jwt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plain, table } from '#cli/remote/output.ts';
import { verifyPassword } from '#lib/auth/passwords.ts';
import { requestReset } from '#lib/auth/reset.ts';
import { openSession } from '#lib/auth/sessions.ts';
import { signInWithPassword } from '#lib/auth/sign-in.ts';
import { Email, Line, Text } from '#lib/contract/fields.ts';
import { type Route, type RouteName, routes } from '#lib/contract/routes.ts';
import { setDatabase } from '#lib/db/client.ts';
import { users } from '#lib/db/schema/users.ts';
import { queueMail } from '#lib/mail/outbox.ts';
import { mailSender } from '#lib/mail/send.ts';
import { startSmtp } from '#tests/support/smtp.ts';
import { Frozen } from '../authz/frozen.ts';
import { nasty } from './inputs.ts';
import { makePlace, needServer, type Place } from './place.ts';

let place: Place;
let frozen: Frozen;
let cookie: string;
const names = (Object.keys(routes) as RouteName[]).filter((name) => !(needServer as readonly string[]).includes(name));
const changing = names.filter((name) => routes[name].method !== 'GET');

beforeAll(async () => {
  place = await makePlace();
  const { id } = place.world.people.ownerA;
  const key = await place.asSystem((tx) => openSession(tx, id, { address: 'unknown', userAgent: '' }));
  cookie = `berth-session=${await encode({ token: { key }, secret: 'x'.repeat(40), salt: 'berth-session' })}`;
  frozen = await Frozen.take(place.portal.super);
});
afterAll(() => place?.stop());

describe('another site’s page', () => {
  const foreign: Record<string, string>[] = [
    { origin: 'https://evil.test' },
    { origin: 'null' },
    { origin: 'http://panel.test.evil.test' },
    { origin: 'https://panel.test' },
    { origin: 'http://panel.test:81' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site', origin: 'http://panel.test' },
    { referer: 'http://panel.test/' },
    {},
  ];

  it(`changes nothing by any of ${changing.length} routes, however it sends`, async () => {
    const before = await frozen.hash();
    const through: string[] = [];
    for (const name of changing) {
      for (const [n, headers] of foreign.entries()) {
        const type = ['application/json', 'text/plain', 'application/x-www-form-urlencoded'][n % 3] ?? '';
        const sent = { ...headers, cookie, 'content-type': type };
        const answer = await place.send(name, null, { ...place.fitting(name), headers: sent });
        const code = (answer.json as { code?: string } | undefined)?.code;
        if (answer.status !== 403 || code !== 'forbidden')
          through.push(`${name} ${JSON.stringify(headers)}: ${answer.status}`);
      }
    }
    expect(through).toEqual([]);
    expect(await frozen.hash()).toBe(before);
  });

  it('is told from the panel’s own, which goes on to what the policy says', async () => {
    let passed = 0;
    for (const name of changing) {
      const headers = { cookie, origin: 'http://panel.test', 'sec-fetch-site': 'same-origin' };
      const answer = await place.send(name, null, { ...place.fitting(name), headers });
      expect(answer.text, name).not.toContain('does not come from the panel');
      if (answer.status >= 400) continue;
      passed += 1;
      // What went through may have ended this very session.
      await frozen.restore();
    }
    expect(passed).toBeGreaterThan(40);
  });
});

describe('a body', () => {
  it('has the fields of its schema and no other, in every route', () => {
    const loose = changing.filter((name) => {
      const { body }: Route = routes[name];
      const fits = place.fitting(name).body;
      if (body === undefined || typeof fits !== 'object' || fits === null) return false;
      return ['role', 'tenantId2', 'isAdmin', '__proto__x'].some(
        (key) => body.safeParse({ ...fits, [key]: 'provider-admin' }).success,
      );
    });
    expect(loose).toEqual([]);
    expect(({} as { role?: unknown }).role).toBeUndefined();
  });

  it('keeps names to one line, and texts free of what a terminal obeys', () => {
    const refused = (schema: { safeParse(text: string): { success: boolean } }) => (text: string) =>
      !schema.safeParse(text).success;
    for (const text of ['a\r\nb', 'a\u0000b', 'a\u001b[2J', 'a\u009b31m', 'a\u202eb', 'a\u2028b', 'a\u007fb']) {
      expect(refused(Line(100))(text), JSON.stringify(text)).toBe(true);
    }
    for (const text of ['a\u0000b', 'a\u001b[2J', 'a\u009b31m', 'a\u0008b'])
      expect(refused(Text(100))(text)).toBe(true);
    for (const text of ['Ann Example', 'Åsa Öberg', '日本語', 'שלום', 'O’Neil & Sons <Ltd>', '👩‍👩‍👧']) {
      expect([Line(100).parse(text), Text(100).parse(`${text}\n\t${text}`)]).toEqual([text, `${text}\n\t${text}`]);
    }
  });
});

it('an id of another kind of thing is the id of nothing', async () => {
  const { a } = place.objects;
  const { rows } = await place.portal.super.execute<{ table: string }>(sql`
    select table_name as table from information_schema.columns where table_schema = 'public' and column_name = 'id' and data_type = 'uuid'`);
  const kindOf = new Map<string, string>();
  for (const { table: name } of rows) {
    const { rows: found } = await place.portal.super.execute<{ id: string }>(
      sql.raw(`select id::text as id from ${name}`),
    );
    for (const { id } of found) kindOf.set(id, name);
  }
  // One after the other, so that each route meets two.
  const some = [
    'running',
    'backup',
    'snapshot',
    'failed',
    'ticket',
    'look',
    'member',
    'host',
    'plan',
    'webhook',
    'token',
    'tenantId',
  ] as const;
  const through: string[] = [];
  let asked = 0;
  for (const [at, name] of names.entries()) {
    const fits = place.fitting(name);
    const right = fits.params?.id;
    if (right === undefined) continue;
    for (const n of [0, 5]) {
      const other = a[some[(at + n) % some.length] ?? 'ticket'];
      // An orphan and its container share an id; a reseller is a tenant.
      if (kindOf.get(other) === (kindOf.get(right) ?? 'containers')) continue;
      const answer = await place.send(name, 'admin', { ...fits, params: { ...fits.params, id: other } });
      asked += 1;
      if (answer.status < 400 || answer.status >= 500)
        through.push(`${name} with an id of ${kindOf.get(other)}: ${answer.status}`);
    }
    if (at % 20 === 19) await frozen.restore();
  }
  await frozen.restore();
  console.log(`${asked} requests with an id of another kind`);
  expect(through).toEqual([]);
});

it('a plan is made with a backup location of the provider’s, by the provider', async () => {
  const { body } = place.fitting('plans.create');
  const make = async (who: 'admin' | 'reseller', locationId: string) =>
    (await place.send('plans.create', who, { body: { ...(body as object), locationId } })).status;
  // Another tenant's bucket, by whoever knows its id.
  expect(await make('reseller', place.objects.b.location)).toBe(403);
  expect(await make('reseller', place.world.ids.location)).toBe(403);
  expect(await make('admin', place.objects.b.location)).toBe(422);
  expect(await make('admin', place.objects.a.ticket)).toBe(404);
  expect(await make('admin', place.world.ids.location)).toBe(201);
  await frozen.restore();
});

/** How likely one of the first is larger than one of the second: 0.5 when they cannot be told apart (Mann and Whitney). */
function larger(first: readonly number[], second: readonly number[]): number {
  let wins = 0;
  for (const a of first) for (const b of second) wins += a > b ? 1 : a === b ? 0.5 : 0;
  return wins / (first.length * second.length);
}

describe('the time an answer takes', () => {
  const visitor = { address: '198.51.100.7', userAgent: 'test' };
  const clear = () => place.portal.super.execute(sql`truncate login_throttle`);
  /** Each after the other, so that what slows the machine slows both. */
  async function timed(rounds: number, ways: readonly (() => Promise<unknown>)[]): Promise<number[][]> {
    const times: number[][] = ways.map(() => []);
    for (let round = 0; round < rounds; round += 1) {
      for (const [n, way] of ways.entries()) {
        await clear();
        const began = performance.now();
        await way().catch(() => undefined);
        times[n]?.push(performance.now() - began);
      }
    }
    return times;
  }
  const alike = (first: readonly number[] = [], second: readonly number[] = []) => {
    const share = larger(first, second);
    expect(share).toBeGreaterThan(0.2);
    expect(share).toBeLessThan(0.8);
  };

  it('at the sign-in does not tell whether there is such an account, one without a password, or one that is shut', async () => {
    await place.asSystem(async (tx) => {
      await tx.update(users).set({ passwordHash: null }).where(eq(users.id, place.world.people.memberB.id));
      await tx.update(users).set({ disabledAt: new Date() }).where(eq(users.id, place.world.people.memberA.id));
    });
    const by = (email: string) => () => signInWithPassword(email, 'a wrong password', visitor);
    const [known, unknown, without, shut, unhashed] = await timed(20, [
      by('owner-a@example.test'),
      by('nobody-a@example.test'),
      by('member-b@example.test'),
      by('member-a@example.test'),
      // The control: what it would be like without the work for nobody.
      async () => place.portal.super.execute(sql`select 1`),
    ]);
    alike(known, unknown);
    alike(known, without);
    alike(known, shut);
    expect(larger(known ?? [], unhashed ?? [])).toBeGreaterThan(0.95);
    expect(await verifyPassword(null, 'anything')).toBe(false);
    await frozen.restore();
  });

  it('at asking for a new password does not tell whether there is such an account', async () => {
    const [known, unknown] = await timed(10, [
      () => requestReset({ email: 'owner-a@example.test' }, visitor),
      () => requestReset({ email: 'nobody-a@example.test' }, visitor),
    ]);
    // Both wait for the same time, which is longer than the work: what is left is the clock's.
    expect(Math.abs(median(known) - median(unknown))).toBeLessThan(25);
    expect(Math.min(...(known ?? []), ...(unknown ?? []))).toBeGreaterThan(200);
    await frozen.restore();
  });
});
const median = (list: readonly number[] = []) => [...list].sort((a, b) => a - b)[list.length >> 1] ?? 0;

describe('a mail', () => {
  it('goes to one recipient with the panel’s own headers, whatever anybody is called', async () => {
    const texts = nasty.filter((one) => !one.includes('\u0000')).slice(0, 14);
    const smtp = await startSmtp();
    setDatabase(place.portal.worker);
    const sender = mailSender({
      host: '127.0.0.1',
      port: smtp.port,
      secure: false,
      from: 'Panel <panel@example.test>',
    });
    try {
      await place.asSystem(async (tx) => {
        await tx.execute(sql`delete from outbox`);
        for (const text of texts) {
          const subject = `About ${text}\r\nBcc: victim@example.test\nX-Evil: 1\r\n\r\nbody`;
          await queueMail(
            tx,
            { recipient: 'ann@example.test', subject, body: [`Hello ${text}\r\n.\r\nMAIL FROM:<x@evil.test>`] },
            null,
          );
        }
      });
      await sender.sendDue();
      expect(smtp.received.length).toBe(texts.length);
      expect(new Set(smtp.recipients)).toEqual(new Set(['ann@example.test']));
      for (const mail of smtp.received) {
        const head = mail.split(/\r?\n\r?\n/)[0] ?? '';
        const fields = head
          .replace(/\r?\n[ \t]+/g, ' ')
          .split(/\r?\n/)
          .map((line) => line.split(':')[0]?.toLowerCase());
        expect(fields.filter((one) => one === 'to' || one === 'subject' || one === 'from')).toHaveLength(3);
        expect(fields).not.toContain('bcc');
        expect(fields).not.toContain('x-evil');
      }
    } finally {
      sender.close();
      setDatabase(place.portal.web);
      await smtp.close();
      await frozen.restore();
    }
  });

  it('has an address that is one, without comments, names, lists or lines', () => {
    const bad = [
      'a@example.test, b@example.test',
      'a@example.test;b@example.test',
      '<a@example.test>',
      'Ann <a@example.test>',
      'a(comment)@example.test',
      'a@example.test (comment)',
      '"a b"@example.test',
      '"a@b"@example.test',
      'a@example.test\r\nBcc: b@example.test',
      'a\u0000@example.test',
      'a@[127.0.0.1]',
      'a@example.test@evil.test',
      '@evil.test:a@example.test',
      'a%evil.test@example.test',
      'a!b@example.test',
      'ａ@example.test',
      'a@еxample.test',
      'a@example',
      ' @example.test',
      `${'a'.repeat(300)}@example.test`,
    ];
    for (const address of bad) expect(Email.safeParse(address).success, address).toBe(false);
    for (const address of ['a@example.test', "o'neil+tag@mail.example.test", 'A.B_c-d@Example.TEST']) {
      expect(Email.parse(address)).toBe(address.toLowerCase());
    }
  });
});

it('a terminal is handed nothing that it would obey', () => {
  for (const text of nasty) {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this looks for
    const obeyed = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/;
    expect(plain(text)).not.toMatch(obeyed);
    expect(table(['NAME', 'B'], [[text, text]])).not.toMatch(obeyed);
  }
});
