import { connect } from 'node:net';
import { z } from 'zod';
import type { ServiceName } from './supervisor-services.ts';

export type SupervisorRequest = { verb: 'status' } | { verb: 'start' | 'stop' | 'restart'; service: ServiceName };

export const SupervisorAnswer = z.object({
  pid: z.int(),
  services: z.array(
    z.object({
      name: z.string(),
      state: z.enum(['stopped', 'running', 'waiting']),
      pid: z.int().nullable(),
      since: z.string(),
      restarts: z.int(),
      lastExit: z.string().nullable(),
    }),
  ),
  error: z.string().optional(),
});
export type SupervisorAnswer = z.infer<typeof SupervisorAnswer>;

/** Asks the supervisor; undefined when none runs. One line of JSON each way. Rejects with what the supervisor objects to. */
export async function askSupervisor(
  socketPath: string,
  request: SupervisorRequest,
): Promise<SupervisorAnswer | undefined> {
  const text = await new Promise<string | undefined>((resolve, reject) => {
    const socket = connect(socketPath);
    let received = '';
    socket.setEncoding('utf8');
    // Stopping a database may take a minute.
    socket.setTimeout(90_000, () => socket.destroy(new Error('the supervisor does not answer')));
    socket.on('connect', () => socket.end(`${JSON.stringify(request)}\n`));
    socket.on('data', (chunk: string) => {
      received += chunk;
    });
    socket.on('end', () => resolve(received));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ECONNREFUSED') resolve(undefined);
      else if (error.code === 'EACCES') reject(new Error('The supervisor answers root alone. Use sudo.'));
      else reject(error);
    });
  });
  if (text === undefined) return undefined;
  const answer = SupervisorAnswer.parse(JSON.parse(text));
  if (answer.error !== undefined) throw new Error(answer.error);
  return answer;
}
