/** The command line's way to a panel: the client that is made from the OpenAPI document, with refusals as exit statuses. */
import { Berth, type Input, type Name, type Output, Refused, Unreachable } from '#clients/typescript/client.ts';
import { CliError, exitOf, exits } from './exits.ts';

export type { Input, Name, Output };

export type Client = Pick<Berth, 'call' | 'read' | 'all' | 'raw' | 'bytes'> & {
  readonly url: string;
  readonly token: string | undefined;
};

/** A client of the panel at `url`. Throws {@link CliError}. */
export function client(
  { url, token }: { url: string; token?: string },
  tell: (text: string) => void = () => undefined,
): Client {
  const berth = new Berth({
    ...{ url, userAgent: 'berth-cli' },
    ...(token === undefined ? {} : { token }),
    onDeprecated: ({ address, sunset }) => tell(`berth: ${address} is on its way out; it works until ${sunset}.`),
  });
  return {
    ...{ url, token },
    call: (name, input, conditions) => said(berth.call(name, input, conditions)),
    read: (name, input, conditions) => said(berth.read(name, input, conditions)),
    all: (name, input, most) => said(berth.all(name, input, most)),
    raw: (method, path, body) => said(berth.raw(method, path, body)),
    bytes: (name, input, more) => said(berth.bytes(name, input, more)),
  };
}

async function said<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof Refused) throw refusedAs(error);
    if (error instanceof Unreachable) throw new CliError(exits.unreachable, error.message);
    throw error;
  }
}

function refusedAs({ message, problem }: Refused): CliError {
  const issues = problem.issues?.map((one: { path: string; message: string }) => `${one.path}: ${one.message}`) ?? [];
  return new CliError(exitOf(problem), [message, ...issues].join('\n  '), problem.remedy, problem);
}
