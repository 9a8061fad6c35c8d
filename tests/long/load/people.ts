/** People at work: each signed in with a session of their own, looking at pages, asking the interface, now and then doing something. */
import { type Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { encode } from 'next-auth/jwt';
import { v7 as uuidv7 } from 'uuid';
import { openSession } from '#lib/auth/sessions.ts';
import { Operation } from '#lib/contract/operations.ts';
import { tenants } from '#lib/db/schema/tenants.ts';
import { users } from '#lib/db/schema/users.ts';
import { loadSettings } from '#lib/settings.ts';
import type { SetupContext } from '#server/setup/context.ts';
import { asOwner } from '#server/setup/seed.ts';
import type { Random } from '../../support/random.ts';

export type Person = { tenantId: string; cookie: string };
export type Tally = {
  pageMs: number[];
  apiMs: number[];
  /** Accepted operations, by id. */
  accepted: string[];
  /** Busy, not permitted in this state, within the plan: an answer like any other. */
  refused: number;
  /** What was neither carried out nor refused in words. */
  broken: string[];
};

const cookieName = 'berth-session';

/** `count` people in so many tenants, with open sessions. */
export async function makePeople(context: SetupContext, count: number, tenantCount: number): Promise<Person[]> {
  const { authSecret } = loadSettings('web', context.stateDir);
  const made = Array.from({ length: tenantCount }, (_, n) => ({ id: uuidv7(), name: `Tenant ${n}` }));
  const keys = await asOwner(context, async (tx) => {
    await tx.insert(tenants).values(made);
    const people = Array.from({ length: count }, (_, n) => {
      const tenantId = made[n % tenantCount]?.id ?? '';
      const email = `person-${n}@example.test`;
      return { id: uuidv7(), tenantId, email, name: `Person ${n}`, role: 'tenant-owner' as const };
    });
    await tx.insert(users).values(people);
    const sessions = [];
    for (const { id, tenantId } of people) {
      sessions.push({ tenantId, key: await openSession(tx, id, { address: '127.0.0.1', userAgent: 'load' }) });
    }
    return sessions;
  });
  return await Promise.all(
    keys.map(async ({ tenantId, key }) => {
      const token = await encode({ token: { key }, secret: authSecret, salt: cookieName });
      return { tenantId, cookie: `${cookieName}=${token}` };
    }),
  );
}

type Place = { baseUrl: string; agent: Agent; tally: Tally; random: Random; until: number; thinkMs: number };

/** One exchange; resolves with status and body, and how long it took to its last byte. */
function ask(place: Place, person: Person, method: string, path: string, body?: unknown) {
  const began = performance.now();
  const text = body === undefined ? undefined : JSON.stringify(body);
  return new Promise<{ status: number; text: string; ms: number }>((resolve, reject) => {
    const sent = request(
      `${place.baseUrl}${path}`,
      {
        method,
        agent: place.agent,
        timeout: 60_000,
        headers: {
          cookie: person.cookie,
          accept: path.startsWith('/api/') ? 'application/json' : 'text/html',
          ...(text === undefined
            ? {}
            : {
                origin: place.baseUrl,
                'content-type': 'application/json',
                'content-length': Buffer.byteLength(text),
              }),
        },
      },
      (answer) => {
        let received = '';
        answer.setEncoding('utf8');
        answer.on('data', (chunk: string) => {
          received += chunk;
        });
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, text: received, ms: performance.now() - began }),
        );
        answer.on('error', reject);
      },
    );
    sent.on('timeout', () => sent.destroy(new Error('no answer for a minute')));
    sent.on('error', reject);
    sent.end(text);
  });
}

/** Works until the time is over: of a hundred deeds forty look at a page, fifty-seven ask the interface, three change something. */
export async function work(place: Place, person: Person, containerIds: readonly string[]): Promise<void> {
  const { random, tally } = place;
  const pause = () => sleep(Math.min(place.thinkMs * (0.5 + random.below(1000) / 1000), place.until - Date.now()));
  await sleep(random.below(place.thinkMs));
  while (Date.now() < place.until) {
    const id = containerIds[random.below(containerIds.length)];
    const dice = random.below(100);
    try {
      if (dice < 40) await look(place, person, id);
      else if (dice < 97 || id === undefined) await query(place, person, id);
      else await act(place, person, id);
    } catch (error) {
      tally.broken.push(error instanceof Error ? error.message : String(error));
    }
    if (Date.now() < place.until) await pause();
  }
}

async function look(place: Place, person: Person, id: string | undefined): Promise<void> {
  const own = id === undefined ? [] : [`/containers/${id}`, `/containers/${id}/backups`, `/containers/${id}/activity`];
  const paths: [string, ...string[]] = ['/containers', '/activity', '/backups', ...own];
  const path = place.random.pick(paths);
  const { status, ms } = await ask(place, person, 'GET', path);
  if (status === 200) place.tally.pageMs.push(ms);
  else place.tally.broken.push(`GET ${path} ${status}`);
}

async function query(place: Place, person: Person, id: string | undefined): Promise<void> {
  const own = id === undefined ? [] : [`/containers/${id}`, `/containers/${id}/backups`];
  const paths: [string, ...string[]] = ['/me', '/containers', '/operations', ...own];
  const path = place.random.pick(paths);
  const { status, ms } = await ask(place, person, 'GET', `/api/v1${path}`);
  if (status === 200) place.tally.apiMs.push(ms);
  else place.tally.broken.push(`GET /api/v1${path} ${status}`);
}

type Deed = readonly [verb: string, body: Record<string, unknown>];

async function act(place: Place, person: Person, id: string): Promise<void> {
  const timeoutMs = 10_000;
  const deeds: [Deed, ...Deed[]] = [
    ['restart', { timeoutMs }],
    ['stop', { timeoutMs }],
    ['start', {}],
    ['start', {}],
    ['backups', { note: 'load' }],
  ];
  const [verb, body] = place.random.pick(deeds);
  const { status, text } = await ask(place, person, 'POST', `/api/v1/containers/${id}/${verb}`, body);
  if (status === 202) place.tally.accepted.push(Operation.parse(JSON.parse(text)).id);
  else if (status === 409 || status === 423) place.tally.refused += 1;
  else place.tally.broken.push(`POST ${verb} ${status}: ${text.slice(0, 200)}`);
}
