import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AddressRefused, openDoor } from '#lib/webhooks/door.ts';
import { signMessage } from '#lib/webhooks/sign.ts';
import { startHookServer } from '#tests/support/hook-server.ts';

let server: Awaited<ReturnType<typeof startHookServer>>;
beforeAll(async () => {
  server = await startHookServer(['hooks.test', '127.0.0.1']);
});
afterAll(() => server.stop());
beforeEach(() => {
  server.state.connections = 0;
  server.state.answer = () => 204;
});

const message = (host: string, port: number | string = server.port) => ({
  url: `https://${host}${port === '' ? '' : `:${port}`}/hook`,
  headers: { 'content-type': 'application/json' },
  body: '{}',
});
const to =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** This machine, its neighbourhood, and clouds' metadata, in every spelling that something along the way would understand. */
const spellings = [
  '127.0.0.1',
  '127.1',
  '127.0.1',
  '0x7f.0.0.1',
  '0x7f000001',
  '2130706433',
  '017700000001',
  '0177.0.0.1',
  '127.0.0.1.',
  '127。0。0。1',
  '①②⑦.0.0.1',
  '%31%32%37.0.0.1',
  '0.0.0.0',
  '0',
  'localhost',
  'LOCALHOST',
  'localhost.',
  '[::1]',
  '[0:0:0:0:0:0:0:1]',
  '[::]',
  '[::ffff:127.0.0.1]',
  '[::ffff:7f00:1]',
  '[::127.0.0.1]',
  '[64:ff9b::127.0.0.1]',
  '[64:ff9b:1::7f00:1]',
  '[2002:7f00:1::]',
  '[2001:0:7f00:1::]',
  '[fe80::1]',
  '[fec0::1]',
  '[fc00::1]',
  '[fd00:ec2::254]',
  '[ff02::1]',
  '10.0.0.1',
  '10.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.0.1',
  '192.168.257',
  '169.254.169.254',
  '0xa9fea9fe',
  '2852039166',
  '[::ffff:169.254.169.254]',
  '100.100.100.200',
  '100.64.0.1',
  '168.63.129.16',
  '192.0.0.192',
  '198.18.0.1',
  '224.0.0.1',
  '240.0.0.1',
  '255.255.255.255',
];

describe('the door', () => {
  it('is open: what may be connected to is', async () => {
    const door = openDoor({ mayConnect: () => true, resolve: to('127.0.0.1'), ca: server.ca });
    expect(await door(message('hooks.test'))).toEqual({ status: 204 });
    expect(server.state.connections).toBe(1);
    expect(server.heard.at(-1)?.body).toBe('{}');
  });

  it.each(spellings)('does not go to %s', async (host) => {
    const refusal = await openDoor({ ca: server.ca, timeoutMs: 2_000 })(message(host)).catch((error: Error) => error);
    // Some machines do not know the name with a dot at its end at all.
    if (host === 'localhost.') expect(refusal).toBeInstanceOf(Error);
    else expect(refusal).toBeInstanceOf(AddressRefused);
    expect(server.state.connections).toBe(0);
  });

  it.each([
    ['127.0.0.1'],
    ['169.254.169.254'],
    ['::1'],
    ['::ffff:127.0.0.1'],
    ['8.8.8.8', '127.0.0.1'],
    ['127.0.0.1', '8.8.8.8'],
    ['2606:4700::1111', 'fd00::1'],
    [],
  ])('does not go where a name leads to %s %s', async (...addresses) => {
    const door = openDoor({ resolve: to(...addresses.filter(Boolean)), ca: server.ca, timeoutMs: 2_000 });
    await expect(door(message('hooks.test'))).rejects.toThrow(AddressRefused);
    expect(server.state.connections).toBe(0);
  });

  it('asks a name once: one that leads elsewhere a moment later leads nowhere', async () => {
    let asked = 0;
    const rebinding = async () => {
      asked += 1;
      // TEST-NET addresses answer nobody; it stands for a public one here.
      return [{ address: asked === 1 ? '192.0.2.1' : '127.0.0.1', family: 4 }];
    };
    const door = openDoor({
      resolve: rebinding,
      mayConnect: (address) => address === '192.0.2.1',
      ca: server.ca,
      timeoutMs: 300,
    });
    await expect(door(message('hooks.test'))).rejects.not.toThrow(AddressRefused);
    expect(asked).toBe(1);
    await expect(door(message('hooks.test'))).rejects.toThrow(AddressRefused);
    expect(server.state.connections).toBe(0);
  });

  it('does not follow redirects, and takes no certificate of another name', async () => {
    server.state.answer = () => 302;
    const door = openDoor({ mayConnect: () => true, resolve: to('127.0.0.1'), ca: server.ca });
    expect(await door(message('hooks.test'))).toEqual({ status: 302 });
    expect(server.state.connections).toBe(1);
    await expect(door(message('other.test'))).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    const stranger = openDoor({ mayConnect: () => true, resolve: to('127.0.0.1') });
    await expect(stranger(message('hooks.test'))).rejects.toThrow();
  });

  it('speaks https only', async () => {
    const door = openDoor({ mayConnect: () => true });
    const plain = { ...message('hooks.test'), url: `http://127.0.0.1:${server.port}/` };
    await expect(door(plain)).rejects.toThrow(AddressRefused);
    expect(server.state.connections).toBe(0);
  });
});

it('signs as the reference of Standard Webhooks does', () => {
  const message = { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', atSeconds: 1614265330, body: '{"test": 2432232314}' };
  expect(signMessage('whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', message)).toBe(
    'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
  );
});
