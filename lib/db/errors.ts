/** Whether a failed statement broke this unique index (or any, if none is named). Drizzle wraps PostgreSQL's error. */
export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, constraint: broken } = at as { code?: unknown; constraint?: unknown };
    if (code === '23505') return constraint === undefined || broken === constraint;
  }
  return false;
}

/** Whether a failed statement broke this check, or was refused by a trigger in its name. */
export function isCheckViolation(error: unknown, constraint: string): boolean {
  for (let at = error; at instanceof Error; at = at.cause) {
    const { code, constraint: broken } = at as { code?: unknown; constraint?: unknown };
    if (code === '23514' && broken === constraint) return true;
  }
  return false;
}
