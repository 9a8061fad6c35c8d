import { Empty } from '../fields.ts';
import { page } from '../lists.ts';
import { Operation } from '../operations.ts';
import * as t from '../transfers.ts';
import { id, nothing, type Route } from './route.ts';

/** Containers out as one file, and in again. */
export const transfersRoutes = {
  'containers.export': {
    method: 'POST',
    path: '/containers/{id}/export',
    summary: 'Make one file of it as it is at one instant, kept for a day: tar.zst of the whole system',
    permission: 'container.export',
    params: id,
    body: Empty,
    status: 202,
    response: Operation,
  },
  'exports.content': {
    method: 'GET',
    path: '/exports/{id}/content',
    summary:
      'The file an export made, by the id of its operation; a download that was cut off goes on with Range: bytes=N-',
    permission: 'container.export',
    params: id,
    status: 200,
    response: nothing,
    bytes: 'answer',
  },
  'imports.list': {
    method: 'GET',
    path: '/imports',
    summary: 'Archives on their way, newest first: uploads that may go on, and such of which no container was made yet',
    permission: 'container.import',
    query: t.ImportQuery,
    status: 200,
    response: page(t.ImportUpload),
  },
  'imports.start': {
    method: 'POST',
    path: '/imports',
    summary: 'Open an upload of an archive (exported, or a root file system as tar, plain, gzip or zstd)',
    permission: 'container.import',
    body: t.StartImport,
    status: 201,
    response: t.ImportUpload,
  },
  'imports.get': {
    method: 'GET',
    path: '/imports/{id}',
    summary: 'How much of an archive has come',
    permission: 'container.import',
    params: id,
    status: 200,
    response: t.ImportUpload,
  },
  'imports.giveUp': {
    method: 'DELETE',
    path: '/imports/{id}',
    summary: 'Give an archive up: its place and what has come of it are free again',
    permission: 'container.import',
    params: id,
    status: 204,
    response: nothing,
  },
  'imports.write': {
    method: 'PUT',
    path: '/imports/{id}/content',
    summary: 'A piece of an archive, from an offset on; the answer says where to go on',
    permission: 'container.import',
    params: id,
    query: t.UploadQuery,
    status: 200,
    response: t.ImportUpload,
    bytes: 'body',
  },
  'containers.import': {
    method: 'POST',
    path: '/containers/import',
    summary: 'Make a container of an archive that has come in full',
    permission: 'container.import',
    body: t.ImportContainer,
    status: 202,
    response: Operation,
  },
} as const satisfies Record<string, Route>;
