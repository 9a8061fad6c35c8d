/** Whether PostgreSQL refused a statement for this, perhaps by a constraint of a name. Drizzle wraps its error. */
function isRefusal(error: unknown, wanted: string, constraint?: string): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, constraint: broken } = at as { code?: unknown; constraint?: unknown };
    if (code === wanted) return constraint === undefined || broken === constraint;
  }
  return false;
}

/** Whether a failed statement broke this unique index (or any, if none is named). */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  return isRefusal(error, '23505', constraint);
}

/** Whether a failed statement broke this check, or was refused by a trigger in its name. */
export function isCheckViolation(error: unknown, constraint: string): boolean {
  return isRefusal(error, '23514', constraint);
}

/** Whether a failed statement named a row that is not there, or not any more. */
export function isForeignKeyViolation(error: unknown, constraint: string): boolean {
  return isRefusal(error, '23503', constraint);
}
