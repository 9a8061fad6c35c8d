import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { AgentConfig } from '#agent/config.ts';
import { needsRenewal } from '#lib/pki/ca.ts';
import { nodeBinary, type SetupContext } from './context.ts';
import { readIfThere, writeFileDurably } from './files.ts';
import { forwardAddressOf, forwardNameOf } from './forwards.ts';
import { run } from './run.ts';

/** Whether this host has joined an installation with an identity that is still good. */
export async function hasJoined({ paths }: SetupContext): Promise<boolean> {
  const text = await readIfThere(join(paths.agentDir, 'config.json'));
  const config = AgentConfig.safeParse(text === undefined ? undefined : JSON.parse(text));
  if (!config.success) return false;
  const { certificate, ca } = config.data.identity;
  const [certificateText, caText] = [await readIfThere(certificate), await readIfThere(ca)];
  return certificateText !== undefined && caText !== undefined && !(await needsRenewal(certificateText, caText));
}

/**
 * Makes this machine a host of the installation at `portal`, with a single-use token, by the agent's own program for it:
 * every host joins this way, the portal's own too. `caFile`: whom to trust besides the public authorities.
 */
export async function joinHost(
  context: SetupContext,
  options: { portal: string; token: string; address: string; caFile?: string },
): Promise<string> {
  const { paths, repoDir } = context;
  const [tokenFile, settingsFile] = [join(paths.run, 'join-token'), join(paths.run, 'join-settings.json')];
  try {
    await writeFileDurably(tokenFile, options.token, { mode: 0o600 });
    await writeFileDurably(settingsFile, JSON.stringify(await agentSettings(context)), { mode: 0o600 });
    const said = await run(
      nodeBinary,
      [
        ...['--disable-warning=ExperimentalWarning', join(repoDir, 'agent', 'enroll.ts'), '--portal', options.portal],
        ...['--token-file', tokenFile, '--settings', settingsFile, '--address', options.address],
        ...['--config-dir', paths.agentDir],
      ],
      { timeoutMs: 60_000, ...(options.caFile === undefined ? {} : { env: { NODE_EXTRA_CA_CERTS: options.caFile } }) },
    );
    return z.object({ hostId: AgentConfig.shape.hostId }).parse(JSON.parse(said)).hostId;
  } finally {
    await rm(tokenFile, { force: true });
    await rm(settingsFile, { force: true });
  }
}

/** What of the agent's configuration is this installation's to say. */
async function agentSettings({ paths, config }: SetupContext) {
  return {
    instance: config.instance,
    agentDir: paths.agentDir,
    poolPath: paths.pool,
    engineDir: paths.engine,
    listen: { host: '127.0.0.1', port: config.agentPort },
    subnet: config.subnet,
    idBase: config.idBase,
    forwardAddress: forwardAddressOf(config),
    forwardName: await forwardNameOf(config),
    forwardPorts: config.forwardPorts,
    backupRoot: paths.backups,
  } satisfies Partial<z.input<typeof AgentConfig>>;
}

/** Brings the configuration of a host that has joined up to date with the installation's. Idempotent. */
export async function refreshAgentConfig(context: SetupContext): Promise<void> {
  const file = join(context.paths.agentDir, 'config.json');
  const present = AgentConfig.parse(JSON.parse(await readFile(file, 'utf8')));
  const fresh = AgentConfig.parse({ ...present, ...(await agentSettings(context)) });
  await writeFileDurably(file, `${JSON.stringify(fresh, null, 2)}\n`, { mode: 0o600 });
}
