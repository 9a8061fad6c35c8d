/** A test that never stops its backup servers: says where they live, then waits. */
import { startRestServer, startS3Server } from '../../support/backup-servers.ts';

const servers = [await startRestServer(false), await startS3Server()];
process.stdout.write(`${JSON.stringify(servers.map(({ directory }) => directory))}\n`);
setInterval(() => undefined, 60_000);
