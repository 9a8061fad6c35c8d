/** The verbs of the command line, in this process, against the real interface over a simulated host. */
import { globSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { Command, CommanderError } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { referenceFile, referenceText } from '#cli/reference.ts';
import { client } from '#cli/remote/client.ts';
import { addRemoteCommands } from '#cli/remote/commands.ts';
import { openConsole } from '#cli/remote/console.ts';
import { CliError } from '#cli/remote/exits.ts';
import { specs } from '#cli/remote/specs/all.ts';
import { addresses } from '#clients/typescript/api.ts';
import { systemActor } from '#lib/access/actor.ts';
import { withActor } from '#lib/db/client.ts';
import { templates } from '#lib/db/schema/templates.ts';
import { type SimPanel, startSimPanel, type Who } from '#tests/support/sim-panel.ts';

const folder = mkdtempSync(join(tmpdir(), 'berth-verbs-'));
const file = (name: string) => join(folder, name);
let panel: SimPanel;
beforeAll(async () => {
  panel = await startSimPanel();
  vi.stubEnv('XDG_CACHE_HOME', folder);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
  await panel?.stop();
});

type Ran = { exit: number; out: string; err: string };
async function berth(who: Who, ...args: string[]): Promise<Ran> {
  const ran: Ran = { exit: 0, out: '', err: '' };
  vi.stubEnv('BERTH_URL', panel.url);
  vi.stubEnv('BERTH_TOKEN', panel.tokens[who]);
  const taking = (name: 'out' | 'err') => (chunk: unknown) => {
    ran[name] += String(chunk);
    return true;
  };
  const out = vi.spyOn(process.stdout, 'write').mockImplementation(taking('out') as never);
  const err = vi.spyOn(process.stderr, 'write').mockImplementation(taking('err') as never);
  process.exitCode = undefined;
  try {
    const program = new Command('berth').enablePositionalOptions().exitOverride();
    await addRemoteCommands(program, args);
    await program.parseAsync(args, { from: 'user' });
    ran.exit = Number(process.exitCode ?? 0);
  } catch (error) {
    if (error instanceof CliError) {
      ran.exit = error.exit;
      ran.err += `${error.message}\n${error.remedy ?? ''}`;
    } else if (error instanceof CommanderError) ran.exit = error.exitCode === 0 ? 0 : 2;
    else throw error;
  } finally {
    process.exitCode = undefined;
    out.mockRestore();
    err.mockRestore();
  }
  return ran;
}
/** What must work; gives what it said. */
async function well(who: Who, ...args: string[]): Promise<string> {
  const ran = await berth(who, ...args);
  expect(ran.exit, `${args.join(' ')}: ${ran.err}`).toBe(0);
  return ran.out;
}
const json = async (who: Who, ...args: string[]) => JSON.parse(await well(who, ...args, '--json'));

describe('a container from its making on', () => {
  it('is made, changed by what is said alone, and found by filters', async () => {
    const create = ['--plan', 'Small', '--template', 'tiny', '--tenant', 'Tenant A', '--wait'];
    expect(await well('admin', 'ct', 'create', 'web1', ...create)).toBe('web1: create succeeded\n');
    expect(await well('admin', 'ct', 'create', 'web2', ...create)).toBe('web2: create succeeded\n');
    const set = ['--label', 'web', '--label', 'eu', '--restart-policy', 'always', '--hostname', 'one', '--wait'];
    expect(await well('ownerA', 'ct', 'set', 'web1', ...set)).toBe(
      'web1: labels web, eu\nweb1: restart-policy succeeded\n',
    );
    const shown = await json('ownerA', 'ct', 'show', 'web1');
    expect(shown).toMatchObject({ hostname: 'one', restartPolicy: 'always', labels: ['eu', 'web'], planName: 'Small' });
    expect(await well('ownerA', 'ct', 'list', '--label', 'web', '--names')).toBe('web1\n');
    expect(await well('ownerA', 'ct', 'list', '--state', 'running', '--plan', 'Small', '--names')).toBe('web1\nweb2\n');
    expect((await berth('ownerA', 'ct', 'set', 'web1')).exit).toBe(2);
    expect(await well('ownerA', 'ct', 'exec', 'web1', '--', 'echo', '-n', 'hello')).toContain('hello');
  });

  it('several at once: by label, said before, JSON of what would be', async () => {
    expect(await well('ownerA', 'ct', 'stop', '--label', 'web', '--dry-run')).toBe('would stop web1 (running)\n');
    expect(await json('ownerA', 'ct', 'stop', '--all', '--dry-run')).toMatchObject([
      { name: 'web1' },
      { name: 'web2' },
    ]);
    expect((await berth('ownerA', 'ct', 'stop', 'web1', '--label', 'web')).exit).toBe(2);
    expect(await well('ownerA', 'ct', 'stop', '--label', 'web', '--wait')).toBe('web1: stop succeeded\n');
    expect(await well('ownerA', 'ct', 'list', '--state', 'stopped', '--names')).toBe('web1\n');
    await well('ownerA', 'ct', 'start', 'web1', '--wait');
  });

  it('its files: up, down, a download that was cut off, moved, deleted, put back', async () => {
    const text = 'hello there\n'.repeat(5000);
    writeFileSync(file('up.txt'), text);
    await well('ownerA', 'ct', 'files', 'put', 'web1', file('up.txt'), '/root/');
    expect(await well('ownerA', 'ct', 'files', 'ls', 'web1', '/root')).toMatch(
      /^MODE .*\n(.*\n)*-rw.* 58\.6 KiB .* up\.txt\n/,
    );
    panel.api.state.cutAnswers = 1;
    panel.api.state.requests.length = 0;
    const get = await berth('ownerA', 'ct', 'files', 'get', 'web1', '/root/up.txt', '-o', file('down.txt'));
    expect(get.err).toMatch(/cut off.*; going on\n.*down\.txt: 58\.6 KiB/s);
    expect(readFileSync(file('down.txt'), 'utf8')).toBe(text);
    expect(panel.api.state.requests.filter((one) => one.includes('/files/content'))).toHaveLength(2);
    expect((await berth('ownerA', 'ct', 'files', 'get', 'web1', '/root/up.txt', '-o', file('down.txt'))).exit).toBe(5);
    await well('ownerA', 'ct', 'files', 'mv', 'web1', '/root/up.txt', '/root/b.txt');
    expect(await well('ownerA', 'ct', 'files', 'rm', 'web1', '/root/b.txt')).toBe('1 put into the trash\n');
    const [{ id }] = await json('ownerA', 'ct', 'files', 'trash', 'web1');
    await well('ownerA', 'ct', 'files', 'put-back', 'web1', id);
    const names = (await json('ownerA', 'ct', 'files', 'ls', 'web1', '/root')).map((one: { name: string }) => one.name);
    expect(names).toContain('b.txt');
    // Staff do not look inside.
    expect((await berth('admin', 'ct', 'files', 'ls', 'web1', '/root')).exit).toBe(4);
  });

  it('the ladder: backup, restore, snapshot, roll-back, recover, repair, reinstall, clone', async () => {
    await well('ownerA', 'ct', 'backup', 'web1', '--name', 'first', '--note', 'hello', '--protect', '--wait');
    const [backup] = await json('ownerA', 'backup', 'list');
    expect(backup).toMatchObject({ name: 'first', note: 'hello', protected: true });
    await well('ownerA', 'backup', 'edit', backup.id, '--no-protected', '--name', 'renamed');
    expect(await json('ownerA', 'backup', 'show', backup.id)).toMatchObject({ name: 'renamed', protected: false });
    await well('ownerA', 'ct', 'restore', 'web1', '--wait');
    await well('ownerA', 'ct', 'snapshot', 'web1', '--name', 'before', '--wait');
    const [snapshot] = await json('ownerA', 'snapshot', 'list', 'web1');
    await well('ownerA', 'snapshot', 'rollback', snapshot.id, '--wait');
    await well('ownerA', 'ct', 'recover', 'web1', '--all-system-files', '--wait');
    const repair = await well('ownerA', 'ct', 'repair', 'web1', '--hours', '2', '--wait');
    expect(repair).toMatch(/^web1: repair succeeded\nroot password, told once: \S+\n$/);
    expect((await berth('ownerA', 'ct', 'repair', 'web1', '--extend', '--hours', '1')).err).toContain(
      'as long already',
    );
    await well('ownerA', 'ct', 'repair', 'web1', '--extend', '--hours', '5');
    await well('ownerA', 'ct', 'repair', 'web1', '--finish', '--wait');
    await well('ownerA', 'ct', 'clone', 'web1', 'copy', '--wait');
    await well('ownerA', 'ct', 'reinstall', 'web1', '--yes', '--wait');
    await well('ownerA', 'backup', 'delete', backup.id, '--wait');
    await well('ownerA', 'backup', 'set-schedule', 'web1', '--set', 'enabled=true');
    expect(await json('ownerA', 'backup', 'schedule', 'web1')).toMatchObject({ enabled: true });
  });

  it('goes out as a file and comes in as another', async () => {
    await well('ownerA', 'ct', 'export', 'web1', '-o', file('web1.tar.zst'));
    const come = ['--plan', 'Small', '--tenant', 'Tenant A', '--wait'];
    // One that comes to nothing leaves its archive there; the next goes on with it, and with no other.
    const archive = file('web1.tar.zst');
    const taken = await berth('admin', 'ct', 'import', archive, 'web1', ...come);
    expect([taken.exit, taken.err]).toEqual([5, expect.stringContaining('There is a container of this name')]);
    const [left] = await json('admin', 'import', 'list');
    const { size } = statSync(archive);
    expect(left).toMatchObject({ fileName: 'web1.tar.zst', sizeBytes: size, receivedBytes: size });
    utimesSync(archive, 1000, 1000);
    const changed = await berth('admin', 'ct', 'import', archive, 'web1', ...come);
    expect(changed.err).not.toContain('are there already');
    const [, known] = await json('admin', 'import', 'list');
    expect(known.id).toBe(left.id);
    const came = await berth('admin', 'ct', 'import', archive, 'web3', ...come);
    expect([came.out, came.err]).toEqual(['web3: import succeeded\n', expect.stringContaining('are there already')]);
    expect((await json('admin', 'import', 'list')).map((one: { id: string }) => one.id)).toEqual([left.id]);
    await well('admin', 'import', 'give-up', left.id);
    expect(globSync('berth/upload-*.json', { cwd: folder })).toEqual([]);
  });
});

describe('waiting', () => {
  const press = () => (process.listeners('SIGINT').at(-1) as () => void)();

  it('Ctrl-C says that the operation goes on; with --cancel-on-interrupt it is cancelled', async () => {
    const create = ['--plan', 'Small', '--template', 'tiny', '--tenant', 'Tenant B', '--wait'];
    await well('admin', 'ct', 'create', 'other', ...create);
    const before = process.listenerCount('SIGINT');
    panel.hold(true);
    const asked = client({ url: panel.url, token: panel.tokens.ownerB });
    const left = berth('ownerB', 'ct', 'stop', 'other', '--wait');
    await expect.poll(() => process.listenerCount('SIGINT')).toBe(before + 1);
    press();
    const { exit, err } = await left;
    const [operation] = await asked.all('operations.list', {}, 1);
    expect(exit).toBe(130);
    expect(err).toContain('The stop goes on without you.');
    expect(err).toContain(`berth operation show ${operation?.id} --wait`);
    expect(operation?.state).toBe('queued');
    panel.hold(false);
    expect(await well('ownerB', 'operation', 'show', operation?.id ?? '', '--wait')).toBe('other: stop succeeded\n');
    panel.hold(true);
    const ended = berth('ownerB', 'ct', 'start', 'other', '--wait', '--cancel-on-interrupt');
    await expect.poll(() => process.listenerCount('SIGINT')).toBe(before + 1);
    press();
    setTimeout(() => panel.hold(false), 500);
    expect(await ended).toMatchObject({ exit: 6, err: expect.stringContaining('start cancelled') });
    expect(process.listenerCount('SIGINT')).toBe(before);
  });
});

describe('the rest', () => {
  it('every list is a table for people and JSON for programs', async () => {
    const lists = specs.filter(({ words, columns }) => columns !== undefined && !words.includes('<'));
    expect(lists.length).toBeGreaterThan(12);
    for (const { words, columns } of lists) {
      // What is sold is the billing program's to ask for.
      const who = words.startsWith('billing') ? 'reseller' : 'admin';
      const head = (await well(who, ...words.split(' '))).split('\n')[0] ?? '';
      for (const column of columns?.split(',') ?? []) expect(head, words).toContain(/^\s*(.*) \S+$/.exec(column)?.[1]);
      expect(Array.isArray(await json(who, ...words.split(' '))), words).toBe(true);
    }
  });

  it('says what is missing, takes fields inside fields, and names for ids', async () => {
    const missing = await berth('admin', 'plan', 'create', 'Medium');
    expect(missing).toMatchObject({ exit: 2, err: expect.stringContaining('--resources') });
    const given = { cpuCores: 1, cpuShares: 512, memoryBytes: 2 ** 28, pids: 100, inodes: 10_000 };
    const set = ['--set', 'resources.diskBytes=1073741824', '--data', JSON.stringify({ resources: given })];
    expect(await json('admin', 'plan', 'create', 'Medium', '--price', '5 EUR', ...set)).toMatchObject({
      ...{ name: 'Medium', price: '5 EUR', resources: { ...given, diskBytes: 2 ** 30 } },
    });
    await well('admin', 'plan', 'edit', 'Medium', '--price', '6 EUR', '--no-offered');
    expect(await json('admin', 'plan', 'show', 'Medium')).toMatchObject({ price: '6 EUR', offered: false });
    expect((await berth('admin', 'plan', 'show', 'Nothing')).exit).toBe(4);
    expect(await well('ownerA', 'member', 'add-service', 'mine', 'ci', '--role', 'tenant-viewer')).toContain('service');
    // The provider's own are named as an account's people are, without one.
    const { id: tenantId } = await json('admin', 'tenant', 'show', 'Tenant A');
    const one = JSON.stringify({ role: 'support', scope: 'tenant', tenantId });
    await well('admin', 'staff', 'add-service', 'watch', '--role', one);
    expect(await json('admin', 'staff', 'change', 'watch', '--role', 'auditor', '--role', one)).toMatchObject({
      assignments: [{ role: 'auditor' }, { role: 'support', tenantName: 'Tenant A' }],
    });
    expect((await json('admin', 'staff', 'show', 'admin@example.test')).lastOwner).toBe(true);
    await well('admin', 'staff', 'remove', 'watch');
    expect((await berth('admin', 'staff', 'show', 'watch')).exit).toBe(4);
    expect((await berth('ownerA', 'staff', 'list')).exit).toBe(4);
    expect(await well('ownerA', 'access', 'explain', 'container.stop', 'web1')).toMatch(/Allowed +yes/);
    const token = await json('ownerA', 'token', 'create', 'ci', '--verbs', 'container.read');
    expect(token.token).toMatch(/^berth_/);
    await well('ownerA', 'token', 'revoke', 'ci');
    const ticket = await json(
      'ownerA',
      'ticket',
      'create',
      'It is slow',
      '--body',
      'Since today.',
      '--container',
      'web1',
    );
    expect(await well('ownerA', 'ticket', 'reply', String(ticket.number), 'And still.')).toContain('And still.');
    writeFileSync(file('a.txt'), 'a text');
    expect(await well('ownerA', 'ticket', 'attach', String(ticket.number), file('a.txt'))).toContain('a.txt');
  });

  it('of a template’s versions the newest that is offered is meant; another is withdrawn and offered by its own', async () => {
    const { portal } = panel.bench;
    await withActor(portal.super, systemActor('test'), (tx) =>
      tx.insert(templates).values({
        ...{ name: 'tiny', version: 'next', title: 'Tiny', init: 'busybox', bytes: 1 },
        ...{ layers: [`sha256:${'e'.repeat(64)}`], createdAt: new Date(Date.now() + 60_000) },
      }),
    );
    const meant = async () => (await json('admin', 'template', 'show', 'tiny')).version;
    expect(await meant()).toBe('next');
    expect(await json('admin', 'template', 'withdraw', 'tiny/next')).toMatchObject({ version: 'next', offered: false });
    expect(await meant()).not.toBe('next');
    expect(await well('admin', 'template', 'list')).toMatch(/^tiny +next .* no /m);
    expect(await json('admin', 'template', 'offer', 'tiny/next')).toMatchObject({ version: 'next', offered: true });
    expect(await meant()).toBe('next');
    await well('admin', 'template', 'withdraw', 'tiny/next');
    expect((await berth('ownerA', 'template', 'show', 'tiny/next')).exit).not.toBe(0);
  });

  it('what is set as a whole keeps what is not said', async () => {
    await well('admin', 'reseller', 'set-quota', 'Reseller', '--max-containers', '7');
    await well('admin', 'reseller', 'set-quota', 'Reseller', '--cpu-cores', '3');
    const { quota } = await json('admin', 'reseller', 'quota', 'Reseller');
    expect(quota).toMatchObject({ maxContainers: 7, cpuCores: 3 });
  });

  it('a console: what is typed goes in, the size too, and the key leaves', async () => {
    const input = Object.assign(new PassThrough(), { isTTY: true, raw: false, setRawMode: (on: boolean) => on });
    const output = Object.assign(new PassThrough(), { columns: 100, rows: 30 });
    let said = '';
    output.on('data', (chunk: Buffer) => {
      said += chunk;
    });
    const voice = { out: () => undefined, err: () => undefined, progress: () => undefined, isTerminal: false };
    const at = { panel: client({ url: panel.url, token: panel.tokens.ownerA }), voice };
    const terminal = { input, output } as unknown as NonNullable<Parameters<typeof openConsole>[3]>;
    const ended = openConsole(at, 'web1', {}, terminal);
    await expect.poll(() => said, { timeout: 15_000 }).toContain('#');
    input.write('echo over-here\r');
    await expect.poll(() => said, { timeout: 15_000 }).toMatch(/over-here[\s\S]*over-here/);
    input.write(Buffer.from([0x1d]));
    expect(await ended).toBe(0);
    const other = { panel: client({ url: panel.url, token: panel.tokens.ownerB }), voice };
    const web1 = (await json('ownerA', 'ct', 'show', 'web1')).id;
    await expect(openConsole(other, web1, {}, terminal)).rejects.toMatchObject({ exit: 4 });
  });
});

describe('the tree of verbs', () => {
  /** What is a browser's, an agent's or a proxy's to ask; not a person's at a terminal. */
  const excused =
    /^(session\.(create|delete|passkey.*|provider.*)|identityProviders\.try|me\.(password|factor\..*|passkeys\..*|prove.*|identities\.begin)|password\..*|device\.decide|invitations\.accept|brands\.(ask|asset)|hosts\.enroll|openapi\.get|files\.delete)$/;

  it('has a verb for every address of the interface', () => {
    const bulk = ['containers.start', 'containers.stop', 'containers.restart', 'containers.kill'];
    bulk.push('handovers.agree', 'handovers.decline', 'handovers.withdraw');
    const text = globSync('cli/remote/*.ts').map((one) => readFileSync(one, 'utf8'));
    const used = new Set<string>([...specs.map(({ route }) => route), ...bulk]);
    const without = Object.keys(addresses).filter(
      (name) => !used.has(name) && !excused.test(name) && !text.some((one) => one.includes(`'${name}'`)),
    );
    expect(without).toEqual([]);
  });

  it('is told in docs/commands.md as it is; if not: npm run commands', async () => {
    expect(readFileSync(referenceFile, 'utf8') === (await referenceText()), 'docs/commands.md is out of date').toBe(
      true,
    );
    const { exits } = await import('#cli/remote/exits.ts');
    const docs = readFileSync('docs/cli.md', 'utf8');
    for (const status of Object.values(exits)) expect(docs).toContain(`| ${status} |`);
  });
});
