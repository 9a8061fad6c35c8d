import { page } from '../lists.ts';
import { BackupLocation, ChangeBackupLocation, ChooseBackupLocation, CreateBackupLocation } from '../locations.ts';
import { Plan } from '../plans.ts';
import { id, nothing, type Route } from './route.ts';

/** Where backups go: the places, and which of them plans and containers use. */
export const locationsRoutes = {
  'locations.list': {
    method: 'GET',
    path: '/backup-locations',
    summary: 'Places where backups go',
    permission: 'location.read',
    status: 200,
    response: page(BackupLocation),
  },
  'locations.get': {
    method: 'GET',
    path: '/backup-locations/{id}',
    summary: 'One place where backups go',
    permission: 'location.read',
    params: id,
    status: 200,
    thing: 'location',
    response: BackupLocation,
  },
  'locations.create': {
    method: 'POST',
    path: '/backup-locations',
    summary: 'Add a place where backups go',
    permission: 'location.manage',
    body: CreateBackupLocation,
    status: 201,
    response: BackupLocation,
  },
  'locations.change': {
    method: 'PATCH',
    path: '/backup-locations/{id}',
    summary: 'Change its name, what one signs in with, or whether hosts can delete there',
    permission: 'location.manage',
    params: id,
    body: ChangeBackupLocation,
    status: 200,
    thing: 'location',
    response: BackupLocation,
  },
  'locations.remove': {
    method: 'DELETE',
    path: '/backup-locations/{id}',
    summary: 'Remove one that holds no backup and that nothing names',
    permission: 'location.manage',
    params: id,
    status: 204,
    thing: 'location',
    response: nothing,
  },
  'plans.location': {
    method: 'PUT',
    path: '/plans/{id}/backup-location',
    summary: 'Where backups of its containers go from now on',
    permission: 'plan.change',
    params: id,
    body: ChooseBackupLocation,
    status: 200,
    thing: 'plan',
    response: Plan,
  },
  'containers.location': {
    method: 'PUT',
    path: '/containers/{id}/backup-location',
    summary: 'Where its backups go from now on',
    permission: 'location.choose',
    params: id,
    body: ChooseBackupLocation,
    status: 204,
    response: nothing,
  },
} as const satisfies Record<string, Route>;
