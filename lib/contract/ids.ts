import { z } from 'zod';

/** Every row and every object on a host has a UUIDv7 (RFC 9562): sortable by creation, safe to hand out. */
export const Id = z.uuid({ version: 'v7' });
export type Id = z.infer<typeof Id>;

/** `sha256:` and 64 hexadecimal digits: the address of a layer. */
export const Digest = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256:… with 64 hexadecimal digits');
export type Digest = z.infer<typeof Digest>;

/** A UTC instant as ISO 8601 with milliseconds, e.g. `2026-01-31T12:00:00.000Z`. */
export const Instant = z.iso.datetime({ precision: 3 });

/** Non-negative whole number of bytes. */
export const Bytes = z.int().nonnegative();

/**
 * The name of one action on a host: `<operationId>.<attempt>.<step>[.undo]`. The same name always means the same
 * action, so asking twice is harmless.
 */
export const ActionId = z
  .string()
  .max(120)
  .regex(/^[0-9a-f-]{36}\.\d{1,4}\.[a-z][a-z0-9-]{0,40}(\.undo)?$/, 'must be <operationId>.<attempt>.<step>[.undo]');
export type ActionId = z.infer<typeof ActionId>;

/** The operation an action belongs to. */
export function operationOf(action: ActionId): string {
  return action.slice(0, 36);
}

export function actionId(operationId: string, attempt: number, step: string, undo = false): string {
  return `${operationId}.${attempt}.${step}${undo ? '.undo' : ''}`;
}
