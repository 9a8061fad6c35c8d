/**
 * Every address of the REST API: the one list from which route handlers, the OpenAPI document, the command line and
 * the authorisation matrix are made. Paths are below /api/v1.
 */
import type { z } from 'zod';
import { accessRoutes } from './routes/access.ts';
import { backupsRoutes } from './routes/backups.ts';
import { billingRoutes } from './routes/billing.ts';
import { brandsRoutes } from './routes/brands.ts';
import { containersRoutes } from './routes/containers.ts';
import { factorsRoutes } from './routes/factors.ts';
import { filesRoutes } from './routes/files.ts';
import { handoversRoutes } from './routes/handovers.ts';
import { holdsRoutes } from './routes/holds.ts';
import { identityRoutes } from './routes/identity.ts';
import { installationRoutes } from './routes/installation.ts';
import { locationsRoutes } from './routes/locations.ts';
import { membersRoutes } from './routes/members.ts';
import { operationsRoutes } from './routes/operations.ts';
import { peopleRoutes } from './routes/people.ts';
import { resellersRoutes } from './routes/resellers.ts';
import type { Deprecation, Route } from './routes/route.ts';
import { snapshotsRoutes } from './routes/snapshots.ts';
import { ticketsRoutes } from './routes/tickets.ts';
import { tokensRoutes } from './routes/tokens.ts';
import { transfersRoutes } from './routes/transfers.ts';
import { webhooksRoutes } from './routes/webhooks.ts';

export type { Deprecation, Route };

export const routes = {
  ...peopleRoutes,
  ...accessRoutes,
  ...tokensRoutes,
  ...factorsRoutes,
  ...identityRoutes,
  ...membersRoutes,
  ...holdsRoutes,
  ...resellersRoutes,
  ...brandsRoutes,
  ...billingRoutes,
  ...containersRoutes,
  ...handoversRoutes,
  ...filesRoutes,
  ...backupsRoutes,
  ...snapshotsRoutes,
  ...transfersRoutes,
  ...locationsRoutes,
  ...operationsRoutes,
  ...ticketsRoutes,
  ...installationRoutes,
  ...webhooksRoutes,
} as const satisfies Record<string, Route>;

type Routes = typeof routes;
export type RouteName = keyof Routes;

type Body<N extends RouteName> = Routes[N] extends { body: infer B extends z.ZodType } ? { body: z.input<B> } : unknown;
type Query<N extends RouteName> = Routes[N] extends { query: infer Q extends z.ZodType }
  ? { query?: Partial<z.output<Q>> }
  : unknown;
type Params<N extends RouteName> = Routes[N] extends { params: infer P extends z.ZodType }
  ? { params: z.input<P> }
  : unknown;
/** What whoever calls a route gives. */
export type Input<N extends RouteName> = Body<N> & Query<N> & Params<N>;
/** What they get. */
export type Output<N extends RouteName> = z.output<Routes[N]['response']>;
