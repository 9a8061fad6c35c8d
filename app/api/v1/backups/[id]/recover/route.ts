import { recoverBackup } from '#lib/backups/recover.ts';
import { handle } from '#lib/http/route.ts';

export const POST = handle('backups.recover', ({ actor, params }) => recoverBackup(actor, params.id));
