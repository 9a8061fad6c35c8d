import * as r from '../rest.ts';
import { id, nothing, type Route } from './route.ts';

/** Where backups go: the places, and which of them plans and containers use. */
export const locationsRoutes = {
  'locations.list': {
    method: 'GET',
    path: '/backup-locations',
    summary: 'Places where backups go',
    permission: 'location.read',
    status: 200,
    response: r.page(r.BackupLocation),
  },
  'locations.create': {
    method: 'POST',
    path: '/backup-locations',
    summary: 'Add a place where backups go',
    permission: 'location.manage',
    body: r.CreateBackupLocation,
    status: 201,
    response: r.BackupLocation,
  },
  'locations.change': {
    method: 'PATCH',
    path: '/backup-locations/{id}',
    summary: 'Change its name, what one signs in with, or whether hosts can delete there',
    permission: 'location.manage',
    params: id,
    body: r.ChangeBackupLocation,
    status: 200,
    response: r.BackupLocation,
  },
  'locations.remove': {
    method: 'DELETE',
    path: '/backup-locations/{id}',
    summary: 'Remove one that holds no backup and that nothing names',
    permission: 'location.manage',
    params: id,
    status: 204,
    response: nothing,
  },
  'plans.location': {
    method: 'PUT',
    path: '/plans/{id}/backup-location',
    summary: 'Where backups of its containers go from now on',
    permission: 'plan.change',
    params: id,
    body: r.ChooseBackupLocation,
    status: 200,
    response: r.Plan,
  },
  'containers.location': {
    method: 'PUT',
    path: '/containers/{id}/backup-location',
    summary: 'Where its backups go from now on',
    permission: 'location.choose',
    params: id,
    body: r.ChooseBackupLocation,
    status: 204,
    response: nothing,
  },
} as const satisfies Record<string, Route>;
