/** The one way out: hostile addresses, names that change their mind, servers that drip or never end. */
import { execFile, execFileSync } from 'node:child_process';
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { isOwnAddress } from '#agent/sys/addresses.ts';
import { AddressRefused, atMost, createOutbound, type Resolve, readBody } from '#agent/sys/outbound.ts';
import { isIn, isPublicAddress } from '#lib/contract/addresses.ts';

/** What a tenant's location may be: as agent/backup/remote/open.ts has it, but by http too, so that the protocol hides nothing. */
const anybody = (address: string) => isPublicAddress(address) && !isOwnAddress(address);
const get = (url: string) => ({ method: 'GET' as const, url: new URL(url) });

/** Every address that any socket of this process sets out to connect to. */
const attempts: string[] = [];
const hear = (message: unknown) =>
  (message as { socket: Socket }).socket.on('connectionAttempt', (address: string) => attempts.push(address));
beforeAll(() => subscribe('net.client.socket', hear));
afterAll(() => unsubscribe('net.client.socket', hear));
afterEach(() => void attempts.splice(0));

const serving: Server[] = [];
afterAll(() => {
  for (const server of serving) {
    server.closeAllConnections();
    server.close();
  }
});
async function serve(answer: Parameters<typeof createServer>[1]): Promise<number> {
  const server = createServer(answer);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  serving.push(server);
  return (server.address() as AddressInfo).port;
}

const hostile = [
  ...['127.0.0.1', '127.1', '127.0.0.2', '2130706433', '0x7f000001', '0x7f.0.0.1', '0177.0.0.1', '017700000001'],
  ...['0.0.0.0', '0', '[::]', '[::1]', '[0:0:0:0:0:0:0:1]', 'localhost', 'LOCALHOST', '127.0.0.1.'],
  ...['[::ffff:127.0.0.1]', '[::ffff:7f00:1]', '[::127.0.0.1]', '[64:ff9b::7f00:1]', '[64:ff9b::a9fe:a9fe]'],
  ...['[2002:7f00:1::]', '[2001:0:7f00:1::]', '[::ffff:0:127.0.0.1]'],
  ...['10.0.0.1', '0x0a000001', '167772161', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
  ...['169.254.169.254', '0xa9fea9fe', '2852039166', '0251.0376.0251.0376', '[::ffff:169.254.169.254]', '169.254.1.1'],
  ...['[fe80::1]', '[fd00:ec2::254]', '[fc00::1]', '[ff02::1]', '168.63.129.16', '224.0.0.1', '255.255.255.255'],
  ...['192.0.2.1', '198.18.0.1', '203.0.113.7', '240.0.0.1', '[2001:db8::1]', '①②⑦.⓪.⓪.①', '１２７.０.０.１'],
];

describe('hostile addresses', () => {
  const ask = createOutbound(anybody);

  it.each(hostile)('%s is refused before anything connects', async (host) => {
    for (const url of [`http://${host}:9/`, `https://${host}:9/`])
      await expect(ask('TEST:ASK', get(url)), url).rejects.toBeInstanceOf(AddressRefused);
    expect(attempts).toEqual([]);
  });

  it('the count can count: what is allowed is attempted', async () => {
    const port = await serve((_request, response) => void response.end('here'));
    const local = createOutbound((address) => isIn(['127.0.0.1/32'], address));
    const { body, address } = await local('TEST:ASK', get(`http://127.0.0.1:${port}/`));
    expect((await readBody(body, 100)).toString()).toBe('here');
    expect([address, attempts]).toEqual(['127.0.0.1', ['127.0.0.1']]);
  });

  it('some that are anybody’s are not taken for hostile', () => {
    for (const address of ['1.1.1.1', '8.8.8.8', '2606:4700:4700::1111', '172.32.0.1', '100.128.0.1', '192.0.1.1'])
      expect(anybody(address), address).toBe(true);
  });
});

describe('names', () => {
  const answers = (...all: string[][]): Resolve => {
    let asked = 0;
    return async () => {
      const found = all[Math.min(asked, all.length - 1)] ?? [];
      asked += 1;
      return found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    };
  };

  it.each([
    ['private', ['10.1.2.3']],
    ['metadata', ['169.254.169.254']],
    ['public, and private besides', ['93.184.216.34', '127.0.0.1']],
    ['IPv4 wrapped in IPv6', ['::ffff:127.0.0.1']],
    ['nothing', []],
  ])('that lead to %s are refused', async (_what, found) => {
    const ask = createOutbound(anybody, { resolve: answers(found) });
    await expect(ask('TEST:ASK', get('http://bucket.example.test/'))).rejects.toBeInstanceOf(AddressRefused);
    expect(attempts).toEqual([]);
  });

  it('one that rebinds: what was judged is what is connected to, and the second answer is judged anew', async () => {
    let connected = 0;
    const trap = createTcpServer((socket) => {
      connected += 1;
      socket.destroy();
    });
    await new Promise<void>((done) => trap.listen(0, '127.0.0.1', done));
    const { port } = trap.address() as AddressInfo;
    // "Public" here is an address where nobody is, so that the test stays on this machine.
    const only = (address: string) => address === '127.0.0.99';
    const ask = createOutbound(only, { resolve: answers(['127.0.0.99'], ['127.0.0.1']) });
    const url = `http://rebinds.example.test:${port}/`;
    await expect(ask('TEST:ASK', get(url))).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(attempts).toEqual(['127.0.0.99']);
    await expect(ask('TEST:ASK', get(url))).rejects.toBeInstanceOf(AddressRefused);
    expect(attempts).toEqual(['127.0.0.99']);
    expect(connected).toBe(0);
    trap.close();
  });
});

describe('https', () => {
  const directory = mkdtempSync(join(tmpdir(), 'berth-https-'));
  const [key, certificate] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** In a process of its own, for which certificates are trusted is decided when one starts. */
  const asked = async (trust: boolean, url: string) => {
    const outbound = new URL('../../../agent/sys/outbound.ts', import.meta.url).href;
    const script = `
      const { createOutbound } = await import(${JSON.stringify(outbound)});
      const ask = createOutbound(() => true, { resolve: async () => [{ address: '127.0.0.1', family: 4 }], paceMs: 500 });
      const started = await ask('TEST:ASK', { method: 'GET', url: new URL(${JSON.stringify(url)}) })
        .then(async ({ status, body }) => { for await (const _ of body); return String(status); })
        .catch((error) => error.code ?? error.message);
      console.log(started);
      process.exit();`;
    const env = { PATH: process.env.PATH, ...(trust ? { NODE_EXTRA_CA_CERTS: certificate } : {}) };
    const run = promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      env: env as unknown as NodeJS.ProcessEnv,
    });
    return (await run).stdout.trim();
  };

  it('asks for the certificate of the name, whatever address was pinned; and hears a server drip', async () => {
    const name = ['-subj', '/CN=test', '-addext', 'subjectAltName=DNS:backup.example.test'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
    execFileSync('openssl', ['req', '-x509', ...kind, '-keyout', key, '-out', certificate, ...name], { stdio: 'pipe' });
    const files = { key: readFileSync(key), cert: readFileSync(certificate) };
    const server = createHttpsServer(files, (request, response) => {
      if (request.url !== '/drip') return void response.end('here');
      const dripping = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(dripping));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    try {
      expect(await asked(true, `https://backup.example.test:${port}/`)).toBe('200');
      expect(await asked(true, `https://other.example.test:${port}/`)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
      expect(await asked(false, `https://backup.example.test:${port}/`)).toMatch(/SELF_SIGNED|UNABLE_TO_VERIFY/);
      expect(await asked(true, `https://backup.example.test:${port}/drip`)).toMatch(/ECONNRESET|aborted|too slow/);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });
});

describe('servers', () => {
  const local = (address: string) => address === '127.0.0.1';

  it('that send elsewhere are not followed', async () => {
    let trapped = 0;
    const port = await serve((request, response) => {
      if (request.url === '/trap') trapped += 1;
      response.writeHead(302, { location: `http://127.0.0.1:${port}/trap` }).end();
    });
    const { status, body } = await createOutbound(local)('TEST:ASK', get(`http://127.0.0.1:${port}/`));
    body.resume();
    expect([status, trapped]).toEqual([302, 0]);
  });

  it('that drip are left', async () => {
    const port = await serve((_request, response) => {
      response.writeHead(200);
      const dripping = setInterval(() => response.write('x'), 20);
      response.once('close', () => clearInterval(dripping));
    });
    const ask = createOutbound(local, { paceMs: 300 });
    const { body } = await ask('TEST:ASK', get(`http://127.0.0.1:${port}/`));
    await expect(readBody(body, 1_000_000)).rejects.toThrow();
  });

  it('that never end are cut off', async () => {
    const port = await serve((_request, response) => {
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(64 * 1024)));
      };
      response.on('drain', more);
      more();
    });
    const { body } = await createOutbound(local)('TEST:ASK', get(`http://127.0.0.1:${port}/`));
    await expect(readBody(body.pipe(atMost(1_000_000)), 2_000_000)).rejects.toThrow('longer than 1000000');
    body.destroy();
  });
});
