import { getBackupTest } from '#lib/backups/care.ts';
import { testBackup } from '#lib/backups/test.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.testReport', ({ actor, params }) => getBackupTest(actor, params.id));
export const POST = handle('backups.test', ({ actor, params }) => testBackup(actor, params.id));
