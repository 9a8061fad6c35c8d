import pino from 'pino';
import { BerthError } from '../contract/errors.ts';

const log = pino({ name: 'berth-web', timestamp: pino.stdTimeFunctions.isoTime });

/**
 * Logs a failure with its causes. PostgreSQL's and drizzle's errors carry the values of a query: only their message's first
 * line, code and constraint are kept.
 */
export function logError(where: string, reference: string, error: unknown): void {
  log.error({ where, reference, error: describe(error) });
}

type Described = {
  message: string;
  code?: string;
  constraint?: string;
  inside?: string;
  stack?: string[];
  cause?: Described;
};

function describe(error: unknown, depth = 0): Described {
  if (!(error instanceof Error)) return { message: typeof error };
  const fields = error as { code?: unknown; constraint?: unknown };
  return {
    message: `${error.name}: ${error.message.split('\n')[0]?.slice(0, 500)}`,
    ...(typeof fields.code === 'string' ? { code: fields.code } : {}),
    ...(typeof fields.constraint === 'string' ? { constraint: fields.constraint } : {}),
    ...(error instanceof BerthError && error.inside !== undefined ? { inside: error.inside } : {}),
    stack: (error.stack ?? '')
      .split('\n')
      .filter((line) => line.startsWith('    at '))
      .slice(0, 8)
      .map((line) => line.trim()),
    ...(error.cause === undefined || depth > 4 ? {} : { cause: describe(error.cause, depth + 1) }),
  };
}
