import { sql } from 'drizzle-orm';
import { check, index, pgTable, text, uuid } from 'drizzle-orm/pg-core';
import { at, createdAt, id } from '../columns.ts';
import { backups } from './backups.ts';
import { tenants } from './tenants.ts';

/**
 * An owner's word that one backup may be restored once into one container of another tenant. The row is the owner's tenant's; of the
 * container it knows the id alone, which may be anything.
 */
export const restoreConsents = pgTable(
  'restore_consents',
  {
    id: id(),
    tenantId: uuid('tenant_id')
      .notNull()
      .references(() => tenants.id),
    backupId: uuid('backup_id')
      .notNull()
      .references(() => backups.id),
    containerId: uuid('container_id').notNull(),
    grantedBy: uuid('granted_by').notNull(),
    grantedByName: text('granted_by_name').notNull(),
    createdAt: createdAt(),
    expiresAt: at('expires_at').notNull(),
    revokedAt: at('revoked_at'),
    usedAt: at('used_at'),
    /** The restore that used it. */
    operationId: uuid('operation_id'),
  },
  (t) => [
    index('restore_consents_backup').on(t.backupId),
    check('restore_consents_used', sql`(${t.usedAt} is null) = (${t.operationId} is null)`),
  ],
);
