import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CliError, exits } from './exits.ts';

const Saved = z.object({ url: z.url(), token: z.string() });
export type Account = z.infer<typeof Saved>;

/** `$BERTH_CONFIG`, or `berth/account.json` where this user's settings lie. Only they may read it. */
export function accountFile(env: NodeJS.ProcessEnv = process.env): string {
  return env.BERTH_CONFIG ?? join(env.XDG_CONFIG_HOME ?? join(homedir(), '.config'), 'berth', 'account.json');
}

/** Which panel to ask and as whom: `BERTH_URL` and `BERTH_TOKEN`, or what `berth login` has saved. */
export function account(env: NodeJS.ProcessEnv = process.env): Account {
  const { BERTH_URL: url, BERTH_TOKEN: token } = env;
  if (url !== undefined && token !== undefined) return { url: url.replace(/\/+$/, ''), token };
  try {
    const saved = Saved.parse(JSON.parse(readFileSync(accountFile(env), 'utf8')));
    return { url: (url ?? saved.url).replace(/\/+$/, ''), token: token ?? saved.token };
  } catch {
    throw new CliError(
      exits.signIn,
      'You are not signed in.',
      'Run "berth login <address of the panel>", or set BERTH_URL and BERTH_TOKEN.',
    );
  }
}

export function saveAccount(saved: Account, env: NodeJS.ProcessEnv = process.env): void {
  const file = accountFile(env);
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(`${file}.new`, `${JSON.stringify(saved, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function forgetAccount(env: NodeJS.ProcessEnv = process.env): void {
  rmSync(accountFile(env), { force: true });
}
