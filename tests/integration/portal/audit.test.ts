/**
 * The audit record: one chain whoever writes, heads on a real agent's own database, and every kind of tampering found and named.
 * Tampering is done as the database's superuser with triggers off: the worst that whoever owns the database can do.
 */
import { asc, desc, eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemActor } from '#lib/access/actor.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import { csvLine, exportAudit } from '#lib/audit/export.ts';
import { readHeads, sendHeads, signHead } from '#lib/audit/heads.ts';
import { listAudit } from '#lib/audit/list.ts';
import { sealEntries } from '#lib/audit/seal.ts';
import { verifyAudit } from '#lib/audit/verify.ts';
import { withoutSecrets, writeAudit } from '#lib/audit/write.ts';
import { withActor } from '#lib/db/client.ts';
import { auditChain, auditHeads, auditLog, auditUnsealed } from '#lib/db/schema/audit.ts';
import { hosts } from '#lib/db/schema/hosts.ts';
import { outbox } from '#lib/db/schema/services.ts';
import { createCa } from '#lib/pki/ca.ts';
import { actorFor, seedWorld, startPortal, type TestPortal, type World } from '#tests/support/portal.ts';
import { type SimHost, startSimHost } from '#tests/support/sim-host.ts';
import { Frozen } from '../authz/frozen.ts';

const asSystem = systemActor('test');
let portal: TestPortal;
let world: World;
let host: SimHost;
let web: Agents;
let worker: Agents;
let frozen: Frozen;

const warnings: string[] = [];
const log = { warn: (_: Record<string, unknown>, message: string) => void warnings.push(message) };
const send = (everyMs = 0) =>
  sendHeads(
    { db: portal.worker, agents: worker, caKey: () => host.made.made.ca.key, baseUrl: 'http://panel.test', log },
    everyMs,
  );
const say = (verb: string, who: keyof World['people'] = 'ownerA', more = {}) =>
  withActor(portal.web, actorFor(world, who), (tx) =>
    writeAudit(tx, actorFor(world, who), {
      ...{ verb, tenantId: world.ids.a, targetKind: 'container', targetId: world.containers.a.id, targetName: 'web-a' },
      ...more,
    }),
  );
const sealAll = async () => {
  while ((await sealEntries(portal.worker)) > 0);
};
const verify = () => verifyAudit(actorFor(world, 'admin'), web);
/** As the superuser, past every trigger and policy. */
const tamper = (statement: ReturnType<typeof sql>) =>
  portal.super.transaction(async (tx) => {
    await tx.execute(sql`set local session_replication_role = replica`);
    await tx.execute(statement);
  });

beforeAll(async () => {
  portal = await startPortal();
  world = await seedWorld(portal);
  host = await startSimHost();
  const { identities, signers } = host.made.made;
  web = new Agents(identities.web, signers.web);
  worker = new Agents(identities.worker, signers.worker);
  await withActor(portal.super, asSystem, (tx) =>
    tx
      .update(hosts)
      .set({
        id: host.made.hostId,
        address: `https://127.0.0.1:${host.server.port}`,
        lastSeenAt: new Date(Date.now() + 3_600_000),
      })
      .where(eq(hosts.id, world.ids.host)),
  ).catch(async () => {
    // The host's containers name it: it gets a row of its own instead.
    await withActor(portal.super, asSystem, async (tx) => {
      await tx.update(hosts).set({ status: 'disabled' });
      await tx.insert(hosts).values({
        id: host.made.hostId,
        name: 'keeper',
        address: `https://127.0.0.1:${host.server.port}`,
        status: 'ok',
        lastSeenAt: new Date(Date.now() + 3_600_000),
      });
    });
  });
  for (let n = 0; n < 12; n += 1) await say(`test.${n}`);
  await sealAll();
  expect(await send()).toBe(1);
  frozen = await Frozen.take(portal.super);
});
beforeEach(() => frozen.restore());
afterAll(async () => {
  web.close();
  worker.close();
  await host.stop();
  await portal.stop();
});

describe('sealing', () => {
  it('makes one chain without a gap, however many write and however many seal', async () => {
    const writers = Array.from({ length: 60 }, (_, n) => say(`race.${n}`));
    const sealers = Array.from({ length: 6 }, () => sealEntries(portal.worker));
    await Promise.all([...writers, ...sealers]);
    await sealAll();
    const chain = await withActor(portal.super, asSystem, (tx) =>
      tx.select().from(auditChain).orderBy(asc(auditChain.seq)),
    );
    expect(chain).toHaveLength(72);
    expect(chain.map((one) => one.seq)).toEqual(Array.from({ length: 72 }, (_, n) => n + 1));
    expect(await verify()).toMatchObject({ ok: true, entries: 72, problems: [] });
  });

  it('keeps what waits apart from what is wrong', async () => {
    await say('late');
    const result = await verify();
    expect(result).toMatchObject({ ok: true, waiting: 1 });
  });
});

describe('what was tampered with is found and named', () => {
  const places = async () =>
    withActor(portal.super, asSystem, (tx) =>
      tx
        .select()
        .from(auditChain)
        .innerJoin(auditLog, eq(auditLog.id, auditChain.entryId))
        .orderBy(asc(auditChain.seq)),
    );

  it('nothing, where nothing was', async () => {
    expect(await verify()).toMatchObject({
      ok: true,
      entries: 12,
      waiting: 0,
      head: { seq: 12 },
      hosts: [{ name: 'keeper', answered: true, heads: 1, newestSeq: 12 }],
    });
  });

  it.each(['actor_name', 'verb', 'outcome', 'target_id', 'at', 'detail', 'on_behalf_of_name'])(
    'a changed %s',
    async (column) => {
      const victim = (await places())[4];
      const value = column === 'at' ? sql`at + interval '1 s'` : column === 'detail' ? sql`'{"a":1}'` : sql`'failed'`;
      await tamper(sql`update audit_log set ${sql.identifier(column)} = ${value} where id = ${victim?.audit_log.id}`);
      const { ok, problems } = await verify();
      expect(ok).toBe(false);
      expect(problems).toMatchObject([{ kind: 'changed', seq: 5, entryId: victim?.audit_log.id }]);
      expect(problems[0]?.detail).toContain('place 5');
    },
  );

  it('a removed entry', async () => {
    const victim = (await places())[6];
    await tamper(sql`delete from audit_log where id = ${victim?.audit_log.id}`);
    expect((await verify()).problems).toMatchObject([{ kind: 'removed', seq: 7, entryId: victim?.audit_log.id }]);
  });

  it('an entry removed with its seal', async () => {
    const victim = (await places())[6];
    await tamper(sql`delete from audit_log where id = ${victim?.audit_log.id}`);
    await tamper(sql`delete from audit_chain where seq = 7`);
    expect((await verify()).problems).toMatchObject([{ kind: 'removed', seq: 7, untilSeq: 7 }]);
  });

  it('an end that was cut off, seals and signed heads of the panel with it', async () => {
    const last = (await places()).slice(-3).map((one) => one.audit_log.id);
    await tamper(
      sql`delete from audit_log where id in (${sql.join(
        last.map((id) => sql`${id}`),
        sql`, `,
      )})`,
    );
    await tamper(sql`delete from audit_chain where seq > 9`);
    await tamper(sql`delete from audit_heads`);
    const { problems } = await verify();
    expect(problems).toMatchObject([{ kind: 'cut-off', seq: 10, untilSeq: 12 }]);
    expect(problems[0]?.detail).toContain('keeper');
    expect(problems[0]?.detail).toContain('3 or more entries');
  });

  it('an entry that was slipped in past the seal', async () => {
    await tamper(sql`insert into audit_log (id, actor_kind, actor_name, verb, outcome, target_kind)
      values (gen_random_uuid(), 'user', 'nobody', 'container.start', 'allowed', 'container')`);
    expect((await verify()).problems).toMatchObject([{ kind: 'unsealed' }]);
  });

  it('an entry that was gone before it could be sealed', async () => {
    await say('soon gone');
    await tamper(sql`delete from audit_log where verb = 'soon gone'`);
    expect((await verify()).problems).toMatchObject([{ kind: 'removed', seq: null }]);
  });

  it('a record that was rewritten from its fifth entry on, with a chain that fits in itself', async () => {
    const victim = (await places())[4];
    await tamper(sql`update audit_log set actor_name = 'somebody else' where id = ${victim?.audit_log.id}`);
    await tamper(sql`delete from audit_chain where seq >= 5`);
    await tamper(
      sql`insert into audit_unsealed select id from audit_log a where not exists (select from audit_chain c where c.entry_id = a.id)`,
    );
    await tamper(sql`delete from audit_heads`);
    await sealAll();
    const { problems, head } = await verify();
    expect(head?.seq).toBe(12);
    expect(problems).toMatchObject([{ kind: 'rewritten', seq: 12 }]);
    // And the hourly visit finds it without being asked, says so once, and keeps both words at the host.
    expect(await send()).toBe(0);
    await say('one more');
    await sealAll();
    expect(await send()).toBe(1);
    await say('and another');
    await sealAll();
    await send();
    const told = await listAudit(actorFor(world, 'admin'), { verb: 'audit.contradiction', limit: 10 });
    expect(told.items).toMatchObject([{ outcome: 'failed', targetName: 'keeper' }]);
    const mails = await withActor(portal.worker, asSystem, (tx) => tx.select().from(outbox));
    expect(mails.map((mail) => mail.recipient)).toEqual([world.people.admin.email]);
  });
});

describe('heads on hosts', () => {
  it('are taken from the worker alone, and only those the authority signed', async () => {
    const target = { hostId: host.made.hostId, address: `https://127.0.0.1:${host.server.port}` };
    const put = (agents: Agents, head: string) =>
      agents.to(target).text({ method: 'PUT', path: '/v1/audit/heads', body: JSON.stringify({ head }) });
    const head = { seq: 5, hash: 'a'.repeat(64), at: new Date().toISOString() };
    const real = await signHead(host.made.made.ca.key, head);
    await expect(put(web, real)).rejects.toMatchObject({ code: 'grant_refused' });
    const forged = await signHead((await createCa('another')).key, head);
    await expect(put(worker, forged)).rejects.toMatchObject({ code: 'invalid' });
    const before = await readHeads(web.to(target), web.authority);
    expect(before.every((one) => one.hash !== head.hash)).toBe(true);
  });

  it('stay: the agent’s own database deletes none', () => {
    expect(() =>
      host.core.store.write('AUDIT:HEAD', () => {
        host.core.store.auditHeads.keep({ seq: 12, hash: 'b'.repeat(64), at: '' }, 'x');
        throw new Error('taken back');
      }),
    ).toThrow('taken back');
  });

  it('are signed no oftener than asked, and not for a chain that has not grown', async () => {
    await say('more');
    await sealAll();
    expect(await send(3_600_000)).toBe(0);
    expect(await send(0)).toBe(1);
    expect(await send(0)).toBe(0);
    const heads = await withActor(portal.super, asSystem, (tx) =>
      tx.select().from(auditHeads).orderBy(desc(auditHeads.seq)),
    );
    expect(heads.map((head) => head.seq)).toEqual([13, 12]);
  });
});

describe('the database refuses', () => {
  it.each(['web', 'worker', 'owner'] as const)(
    '%s to change, delete or empty the record and its seals',
    async (role) => {
      for (const table of ['audit_log', 'audit_chain', 'audit_heads']) {
        for (const statement of [
          `update ${table} set ${table === 'audit_log' ? 'verb' : 'hash'} = 'x'`,
          `delete from ${table}`,
          `truncate ${table}`,
        ]) {
          // The owner meets row-level security first: no policy lets anybody find a row to change.
          const asked = withActor(portal[role], asSystem, (tx) => tx.execute(sql.raw(statement))).then(
            ({ rowCount }) => {
              if (rowCount === 0) throw new Error('nothing was changed', { cause: new Error('permission denied') });
            },
          );
          await expect(asked, `${role}: ${statement}`).rejects.toMatchObject({
            cause: { message: expect.stringMatching(/permission denied|append-only/) },
          });
        }
      }
    },
  );

  it('the web to seal, and to take out what waits', async () => {
    await expect(sealEntries(portal.web)).resolves.toBe(0);
    await say('waits');
    await expect(sealEntries(portal.web)).rejects.toMatchObject({
      cause: { message: expect.stringContaining('permission denied') },
    });
    const waiting = await withActor(portal.web, asSystem, (tx) => tx.select().from(auditUnsealed));
    expect(waiting).toHaveLength(1);
  });
});

describe('reading', () => {
  it('shows a tenant what staff did to theirs, and nothing of another', async () => {
    await say('container.stop', 'support');
    await say('other', 'ownerB', { tenantId: world.ids.b });
    const { items } = await listAudit(actorFor(world, 'ownerA'), { limit: 100 });
    expect(items[0]).toMatchObject({ verb: 'container.stop', actor: { name: 'support' } });
    expect(items.filter((entry) => entry.tenantId !== world.ids.a)).toEqual([]);
  });

  it('searches by who, what, to what, outcome and time', async () => {
    await say('file.change', 'memberA', { outcome: 'failed', targetName: '100%_sure' });
    const admin = actorFor(world, 'admin');
    const found = async (query: object) =>
      (await listAudit(admin, { limit: 100, ...query })).items.map((one) => one.verb);
    expect(await found({ actor: 'member-a' })).toEqual(['file.change']);
    expect(await found({ actor: world.people.memberA.id })).toEqual(['file.change']);
    expect(await found({ verb: 'file' })).toEqual(['file.change']);
    expect(await found({ target: '%_' })).toEqual(['file.change']);
    expect(await found({ outcome: 'failed' })).toEqual(['file.change']);
    expect(await found({ verb: 'file', until: '2020-01-01T00:00:00Z' })).toEqual([]);
    expect(await found({ verb: 'file', from: '2020-01-01T00:00:00Z', tenant: world.ids.a })).toEqual(['file.change']);
    expect(await found({ verb: 'file', tenant: world.ids.b })).toEqual([]);
  });

  it('exports all of it, over pages, and no formula', async () => {
    for (let n = 0; n < 205; n += 1) await say(`many.${n}`);
    const answer = await exportAudit(actorFor(world, 'ownerA'), { format: 'jsonl', verb: 'many' });
    const lines = (await answer.text()).trim().split('\n');
    expect(lines).toHaveLength(205);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ verb: 'many.204' });
    const csv = await (await exportAudit(actorFor(world, 'ownerA'), { format: 'csv', verb: 'test.1' })).text();
    expect(csv.split('\r\n')).toHaveLength(5);
    expect(csvLine(['=1+1', 'a"b', '-2', 'plain'])).toBe(`'=1+1,"a""b",'-2,plain\r\n`);
  });

  it('keeps before and after, and nothing that is called a secret', async () => {
    await say('changed', 'ownerA', {
      before: { a: 1, same: 2 },
      after: { a: 3, same: 2 },
      detail: { rootPassword: 'hunter2' },
    });
    const [entry] = (await listAudit(actorFor(world, 'ownerA'), { limit: 1 })).items;
    expect(entry?.detail).toEqual({ before: { a: 1 }, after: { a: 3 }, rootPassword: '(not kept)' });
    expect(withoutSecrets([{ deep: { apiToken: 'x', sshKeys: ['k'], tokenSet: true } }])).toEqual([
      { deep: { apiToken: '(not kept)', sshKeys: ['k'], tokenSet: true } },
    ]);
  });
});
