/** `berth server lost|reuse`: a server that is gone, as the panel is told of it. */
import type { Host, HostLoss } from '#clients/typescript/api.ts';
import type { Client } from './client.ts';
import { CliError, exits } from './exits.ts';
import { plain, table, type Voice } from './output.ts';

type Context = { panel: Client; voice: Voice };
export type Lost = { name?: string; container?: string[]; json?: boolean };

async function hostOf(panel: Client, wish: string): Promise<Host> {
  const items = await panel.all('hosts.list', {});
  const found = items.find((one) => one.id === wish || one.name === wish);
  if (found === undefined) throw new CliError(exits.notAllowed, `There is no server "${plain(wish)}".`);
  return found;
}

/** Without `--name` only says what would be lost. */
export async function lost({ panel, voice }: Context, wish: string, options: Lost): Promise<void> {
  const host = await hostOf(panel, wish);
  const loss = await panel.call('hosts.loss', { params: { id: host.id } });
  if (options.name === undefined) {
    tell(voice, loss, options.json === true);
    if (options.json !== true) voice.out(`Nothing was done. Say --name ${plain(host.name)} to mark it as lost.`);
    return;
  }
  const containerIds = options.container?.map((name) => {
    const [one, ...more] = loss.containers.filter((container) => container.id === name || container.name === name);
    if (one === undefined) throw new CliError(exits.notAllowed, `There is no container "${plain(name)}" on it.`);
    if (more.length > 0) throw new CliError(exits.usage, `Several are called "${plain(name)}".`, 'Name one by its id.');
    return one.id;
  });
  const body = { name: options.name, ...(containerIds === undefined ? {} : { containerIds }) };
  const done = await panel.call('hosts.lose', { params: { id: host.id }, body });
  tell(voice, done, options.json === true);
}

function tell(voice: Voice, loss: HostLoss, json: boolean): void {
  if (json) {
    voice.out(JSON.stringify(loss, null, 2));
    return;
  }
  const rows = loss.containers.map((one) => [
    one.name,
    one.tenantName,
    one.newestBackupAt ?? 'nothing: all of it is lost',
    one.inDirectory ? `in a directory; elsewhere: ${one.newestElsewhereAt ?? 'none'}` : '',
  ]);
  voice.out(table(['CONTAINER', 'TENANT', 'COMES BACK FROM', 'BUT'], rows));
  if (loss.refusal !== null) voice.out(plain(loss.refusal));
}

export async function reuse({ panel, voice }: Context, wish: string): Promise<void> {
  const host = await hostOf(panel, wish);
  await panel.call('hosts.reuse', { params: { id: host.id } });
  voice.out(`${plain(host.name)} is in use.`);
}
