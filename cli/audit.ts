import { readFileSync } from 'node:fs';
import { systemActor } from '#lib/access/actor.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import { verifyAudit } from '#lib/audit/verify.ts';
import { createDb, setDatabase } from '#lib/db/client.ts';
import { grantSigner } from '#lib/grants/sign.ts';
import { loadSettings } from '#lib/settings.ts';

/** Verifies the audit record past the portal: straight from its database and from the hosts. Exit status 1 when it is not whole. */
export async function verify({ json = false }: { json?: boolean }): Promise<void> {
  const settings = loadSettings('worker');
  const pem = (file: string) => readFileSync(file, 'utf8');
  const { certificateFile, keyFile, grantKeyFile } = settings.identity;
  const identity = { certificate: pem(certificateFile), key: pem(keyFile), ca: pem(settings.caFile) };
  const agents = new Agents(identity, grantSigner('worker', pem(grantKeyFile)));
  const db = createDb(settings.databaseUrl, { max: 2, applicationName: 'berth audit' });
  setDatabase(db);
  try {
    const result = await verifyAudit(systemActor('berth audit verify'), agents);
    if (json) console.log(JSON.stringify(result, null, 2));
    else {
      const silent = result.hosts.filter((host) => !host.answered);
      const heads = result.hosts.reduce((sum, host) => sum + host.heads, 0);
      const asked = result.hosts.length - silent.length;
      console.log(
        `${result.entries} sealed entries, ${result.waiting} waiting; ${heads} heads kept by ${asked} hosts.`,
      );
      for (const { name } of silent) console.log(`${name} does not answer: what it keeps was not compared.`);
      for (const { detail } of result.problems) console.log(`  ${detail}`);
      console.log(
        result.ok ? 'The audit record is whole.' : `The audit record is NOT whole: ${result.problemCount} findings.`,
      );
    }
    if (!result.ok) process.exitCode = 1;
  } finally {
    agents.close();
    await db.$client.end();
  }
}
