import { hostname, userInfo } from 'node:os';
import { client } from './client.ts';
import { CliError, exits } from './exits.ts';
import type { Voice } from './output.ts';
import { account, forgetAccount, saveAccount } from './settings.ts';

/** Signs in by the browser: shows a code, waits until the person has let this program in, and keeps its token. */
export async function login(url: string, voice: Voice, pause: (ms: number) => Promise<unknown> = sleep): Promise<void> {
  const address = new URL(/^https?:\/\//.test(url) ? url : `https://${url}`);
  // A token in clear is everybody's on the way; on this machine there is no way.
  if (address.protocol === 'http:' && !/(^|\.)localhost$|^127\.|^\[::1\]$/.test(address.hostname)) {
    throw new CliError(exits.usage, 'That address is not encrypted.', 'Use one that begins with https://.');
  }
  const panel = client({ url: address.origin });
  const name = `berth on ${hostname()} (${userInfo().username})`.slice(0, 80);
  const started = await panel.call('device.start', { body: { name } });
  voice.err(`Open ${address.origin}${started.path}`);
  voice.err(`and let the program in that shows the code ${started.userCode}. Waiting …`);
  while (Date.now() < Date.parse(started.expiresAt)) {
    await pause(started.intervalSeconds * 1000);
    const { state, token } = await panel.call('device.poll', { body: { deviceCode: started.deviceCode } });
    if (state === 'denied') throw new CliError(exits.signIn, 'It was turned away.');
    if (state !== 'approved' || token === null) continue;
    const me = await client({ url: address.origin, token }).call('me.get', {});
    saveAccount({ url: address.origin, token });
    voice.out(`Signed in at ${address.origin} as ${me.email}.`);
    return;
  }
  throw new CliError(exits.signIn, 'Nobody has let the program in.', 'Run "berth login" again.');
}

const sleep = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Forgets the token here. It stays good until it is revoked in the panel. */
export function logout(voice: Voice): void {
  forgetAccount();
  voice.out('Forgotten here. To make the token worthless, end it on your account page too.');
}

export async function whoami(voice: Voice, options: { json?: boolean }): Promise<void> {
  const { url, token } = account();
  const me = await client({ url, token }).call('me.get', {});
  voice.out(options.json ? JSON.stringify(me, null, 2) : `${me.email}, ${me.role ?? 'no role'}, at ${url}`);
}
