import { Undo } from '../containers.ts';
import { Empty } from '../fields.ts';
import { WrittenSince } from '../files.ts';
import { page } from '../lists.ts';
import { Operation, OperationQuery, ResolveOperation } from '../operations.ts';
import { id, type Route } from './route.ts';

/** Operations. */
export const operationsRoutes = {
  'operations.list': {
    method: 'GET',
    path: '/operations',
    summary: 'Operations, newest first',
    permission: 'operation.read',
    query: OperationQuery,
    status: 200,
    response: page(Operation),
  },
  'operations.get': {
    method: 'GET',
    path: '/operations/{id}',
    summary: 'One operation',
    permission: 'operation.read',
    params: id,
    status: 200,
    response: Operation,
  },
  'operations.cancel': {
    method: 'POST',
    path: '/operations/{id}/cancel',
    summary: 'Ask it to stop and undo itself',
    permission: 'operation.cancel',
    params: id,
    body: Empty,
    status: 202,
    response: Operation,
  },
  'operations.retry': {
    method: 'POST',
    path: '/operations/{id}/retry',
    summary: 'Try a failed or stuck one again',
    permission: 'operation.retry',
    params: id,
    body: Empty,
    status: 202,
    response: Operation,
  },
  'operations.undo': {
    method: 'POST',
    path: '/operations/{id}/undo',
    summary: 'Take back a restore, reinstall, roll-back or recovery of all system files while its old files are kept',
    permission: 'operation.undo',
    params: id,
    body: Undo,
    status: 202,
    response: Operation,
  },
  'operations.written': {
    method: 'GET',
    path: '/operations/{id}/written',
    summary: 'What was written since it put the old files aside: what an undo takes away',
    permission: 'file.read',
    params: id,
    status: 200,
    response: WrittenSince,
  },
  'operations.confirm': {
    method: 'POST',
    path: '/operations/{id}/confirm',
    summary: 'Release the kept old files; then it cannot be undone',
    permission: 'operation.confirm',
    params: id,
    body: Empty,
    status: 202,
    response: Operation,
  },
  'operations.resolve': {
    method: 'POST',
    path: '/operations/{id}/resolve',
    summary: 'Say that a person has put a stuck one right',
    permission: 'operation.resolve',
    params: id,
    body: ResolveOperation,
    status: 200,
    response: Operation,
  },
} as const satisfies Record<string, Route>;
