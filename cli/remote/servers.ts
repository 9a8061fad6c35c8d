/** `berth server lost|reuse`: a server that is gone, as the panel is told of it. */
import type { HostLoss } from '#clients/typescript/api.ts';
import type { Context } from './asking.ts';
import { CliError, exits } from './exits.ts';
import { idOf } from './names.ts';
import { plain, table, type Voice } from './output.ts';

export type Lost = { name?: string; container?: string[]; json?: boolean };

/** Without `--name` only says what would be lost. */
export async function lost({ panel, voice }: Context, wish: string, options: Lost): Promise<void> {
  const params = { id: await idOf(panel, 'host', wish) };
  const loss = await panel.call('hosts.loss', { params });
  if (options.name === undefined) {
    tell(voice, loss, options.json === true);
    if (options.json !== true) voice.out(`Nothing was done. Say --name ${plain(loss.hostName)} to mark it as lost.`);
    return;
  }
  const containerIds = options.container?.map((name) => {
    const [one, ...more] = loss.containers.filter((container) => container.id === name || container.name === name);
    if (one === undefined) throw new CliError(exits.notAllowed, `There is no container "${plain(name)}" on it.`);
    if (more.length > 0) throw new CliError(exits.usage, `Several are called "${plain(name)}".`, 'Name one by its id.');
    return one.id;
  });
  const body = { name: options.name, ...(containerIds === undefined ? {} : { containerIds }) };
  const done = await panel.call('hosts.lose', { params, body });
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
  await panel.call('hosts.reuse', { params: { id: await idOf(panel, 'host', wish) } });
  voice.out(`${plain(wish)} is in use.`);
}
