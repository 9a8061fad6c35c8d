import { getBackupCommands } from '#lib/backups/care.ts';
import { handle } from '#lib/http/route.ts';

export const GET = handle('backups.commands', ({ actor, params }) => getBackupCommands(actor, params.id));
