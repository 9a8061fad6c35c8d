import { Rollback } from '../containers.ts';
import { PageQuery } from '../lists.ts';
import { Operation } from '../operations.ts';
import { CreateSnapshot, Snapshots } from '../snapshots.ts';
import { id, type Route } from './route.ts';

/** Snapshots. */
export const snapshotsRoutes = {
  'snapshots.list': {
    method: 'GET',
    path: '/containers/{id}/snapshots',
    summary: 'Snapshots of a container, newest first; they are on its server and no backups',
    permission: 'snapshot.read',
    params: id,
    query: PageQuery,
    status: 200,
    response: Snapshots,
  },
  'snapshots.create': {
    method: 'POST',
    path: '/containers/{id}/snapshots',
    summary: 'Hold all files as they are now, also while it runs',
    permission: 'snapshot.create',
    params: id,
    body: CreateSnapshot,
    status: 202,
    response: Operation,
  },
  'snapshots.rollback': {
    method: 'POST',
    path: '/snapshots/{id}/rollback',
    summary: 'Put all files back as they were in a snapshot; the present ones are kept for undo',
    permission: 'snapshot.rollback',
    params: id,
    body: Rollback,
    status: 202,
    response: Operation,
  },
  'snapshots.delete': {
    method: 'DELETE',
    path: '/snapshots/{id}',
    summary: 'Delete a snapshot',
    permission: 'snapshot.delete',
    params: id,
    status: 202,
    response: Operation,
  },
} as const satisfies Record<string, Route>;
