/**
 * Every address of the REST API: the one list from which route handlers, the OpenAPI document, the command line and
 * the authorisation matrix are made. Paths are below /api/v1.
 */
import { accessRoutes } from './routes/access.ts';
import { backupsRoutes } from './routes/backups.ts';
import { brandsRoutes } from './routes/brands.ts';
import { containersRoutes } from './routes/containers.ts';
import { filesRoutes } from './routes/files.ts';
import { installationRoutes } from './routes/installation.ts';
import { operationsRoutes } from './routes/operations.ts';
import { peopleRoutes } from './routes/people.ts';
import { resellersRoutes } from './routes/resellers.ts';
import type { Route } from './routes/route.ts';
import { snapshotsRoutes } from './routes/snapshots.ts';
import { tokensRoutes } from './routes/tokens.ts';
import { transfersRoutes } from './routes/transfers.ts';
import { webhooksRoutes } from './routes/webhooks.ts';

export type { Route };

export const routes = {
  ...peopleRoutes,
  ...accessRoutes,
  ...tokensRoutes,
  ...resellersRoutes,
  ...brandsRoutes,
  ...containersRoutes,
  ...filesRoutes,
  ...backupsRoutes,
  ...snapshotsRoutes,
  ...transfersRoutes,
  ...operationsRoutes,
  ...installationRoutes,
  ...webhooksRoutes,
} as const satisfies Record<string, Route>;

export type RouteName = keyof typeof routes;
