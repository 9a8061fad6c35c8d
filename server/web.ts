/** The web process: pages, REST API, live events and consoles on one port. Any number of copies may run. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sql } from 'drizzle-orm';
import next from 'next';
import pino from 'pino';
import { systemActor } from '#lib/access/actor.ts';
import { Agents } from '#lib/agent-client/agents.ts';
import { setAuthConfig } from '#lib/auth/config.ts';
import { brandOfHost } from '#lib/brands/of.ts';
import { setApprovalsNeeded } from '#lib/consents/policy.ts';
import { asActor, createDb, setDatabase } from '#lib/db/client.ts';
import { notifications } from '#lib/db/listen.ts';
import { serviceHeartbeats } from '#lib/db/schema/services.ts';
import { setAcrossResellers } from '#lib/handovers/policy.ts';
import { shutdown } from '#lib/http/shutdown.ts';
import { inLanguage } from '#lib/language/ambient.ts';
import { loadLanguages } from '#lib/language/load.ts';
import { setSealKey } from '#lib/secrets/sealed-values.ts';
import { setServices } from '#lib/services.ts';
import { loadSettings } from '#lib/settings.ts';
import { openQueue } from '#lib/workflows/dbos.ts';
import { misaddressed, originForm, sendProblem } from './http/addresses.ts';
import { isConsole, serveConsole } from './http/console.ts';
import { prepareRequest, type Site, secureResponse } from './http/headers.ts';
import { languageOf } from './http/language.ts';
import { sitesOf } from './http/sites.ts';
import { clientIdentity, followIdentity, followingSigner } from './reload.ts';
import { webServer } from './tls/serve.ts';

const log = pino({ name: 'berth-web', timestamp: pino.stdTimeFunctions.isoTime });
const dev = process.argv.includes('--dev');
const settings = loadSettings('web');
const { config } = settings;
const site: Site = { baseUrl: new URL(settings.baseUrl), behindProxy: config.behindProxy, dev };
const siteOf = sitesOf(site, brandOfHost);
const heartbeatMs = 5_000;
/** After this, open connections are cut: whoever supervises us kills at 10 s. */
const patienceMs = 6_000;

const db = createDb(settings.databaseUrl, { max: 20, applicationName: 'berth web' });
const signer = followingSigner('web', settings.identity.grantKeyFile);
const agents = new Agents(clientIdentity(settings.identity, settings.caFile), signer);
const stopFollowing = followIdentity(agents, signer, settings, log);
const queue = await openQueue(settings.databaseUrl, settings.appVersion);
setDatabase(db);
setAuthConfig({ secret: settings.authSecret, baseUrl: site.baseUrl.origin, stepUpMinutes: config.stepUpMinutes });
setSealKey(settings.sealKey);
setApprovalsNeeded(config.emergencyApprovals);
setAcrossResellers(config.handoversAcrossResellers);
setServices({ agents, queue, log });
loadLanguages();

const app = next({ dev, hostname: site.baseUrl.hostname, port: config.port, dir: process.cwd() });
await app.prepare();
const handlePage = app.getRequestHandler();
const handleUpgrade = app.getUpgradeHandler();

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === '/healthz') return healthz(response);
  const site = await siteOf(request);
  if (site === undefined) {
    // Not even by its headers may it be told what is here.
    const headers = { 'content-type': 'text/plain', 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };
    response.writeHead(421, headers).end('There is nothing under this name.\n');
    return;
  }
  request.url = originForm(request.url ?? '/');
  const nonce = prepareRequest(request, site);
  secureResponse(request, response, nonce, site);
  const page = (request.headers.accept ?? '').includes('text/html') && request.method === 'GET';
  if (page && request.headers.host !== site.baseUrl.host) {
    // Cookies and the origin check belong to one name.
    const path = request.url?.startsWith('/') === true ? request.url : '/';
    response.writeHead(307, { location: `${site.baseUrl.origin}${path}` }).end();
    return;
  }
  const wrong = misaddressed(request.method ?? 'GET', (request.url ?? '/').split('?')[0] ?? '/');
  if (wrong !== undefined) return sendProblem(response, wrong.error, wrong.allow);
  await inLanguage(languageOf(request, site), () => handlePage(request, response));
}

/** For the supervisor and proxies: are we up, and is the database. Says nothing else. */
async function healthz(response: ServerResponse): Promise<void> {
  const ok = await db.execute(sql`select 1`).then(
    () => true,
    () => false,
  );
  response.writeHead(ok ? 200 : 503, { 'content-type': 'application/json' }).end(JSON.stringify({ ok }));
}

function onRequest(request: IncomingMessage, response: ServerResponse): void {
  answer(request, response).catch((error: unknown) => {
    log.error({ err: error }, 'a request failed');
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
}

/** Whoever takes longer to say what they want keeps a connection for nothing. Bodies have their own patience: uploads are large. */
const limits = { headersTimeout: 15_000, connectionsCheckingInterval: 2_000, maxHeaderSize: 16_384 };
const { server, stop: stopCertificates } = await webServer(settings.tls, limits, onRequest, log);
server.on('upgrade', (request, socket, head) => {
  if (isConsole(request)) return void serveConsole(request, socket, head, siteOf);
  // Only the development bundler has another WebSocket.
  if (dev) return void handleUpgrade(request, socket, head);
  socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\n\r\n');
});
server.listen(config.port, config.bind, () => log.info({ url: site.baseUrl.origin }, 'listening'));

const name = `${config.instance}-web-1`;
const startedAt = new Date();
const beat = () =>
  asActor(systemActor('web'), (tx) =>
    tx
      .insert(serviceHeartbeats)
      .values({ name, kind: 'web', startedAt, beatAt: sql`now()`, version: settings.appVersion })
      .onConflictDoUpdate({ target: serviceHeartbeats.name, set: { startedAt, beatAt: sql`now()` } }),
  ).catch((error: unknown) => log.warn({ err: error }, 'no heartbeat'));
const heart = setInterval(() => void beat(), heartbeatMs);
void beat();

let ending = false;
async function end(signal: string): Promise<void> {
  if (ending) return;
  ending = true;
  log.info({ signal }, 'ending');
  clearInterval(heart);
  shutdown().abort();
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Connections whose stream has just ended become idle one by one.
  const sweep = setInterval(() => server.closeIdleConnections(), 50);
  setTimeout(() => server.closeAllConnections(), patienceMs).unref();
  await closed;
  clearInterval(sweep);
  stopFollowing();
  stopCertificates();
  agents.close();
  await Promise.allSettled([queue.close(), notifications().close(), app.close(), db.$client.end()]);
  process.exit(0);
}
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal));
