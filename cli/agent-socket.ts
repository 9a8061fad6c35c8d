import type { IncomingMessage } from 'node:http';
import { request } from 'node:http';
import { createInterface } from 'node:readline';
import type { z } from 'zod';
import { ActionEvent } from '#lib/contract/agent.ts';
import { BerthError, Problem } from '#lib/contract/errors.ts';
import { localSocketPath } from '#lib/contract/local.ts';
import { statePaths } from '#lib/settings.ts';

/** Nobody listens on the agent's socket. */
export class NoAgent extends BerthError {}

/** What root asks the agent of this host, without the portal. Needs neither database nor configuration. */
export class AgentSocket {
  readonly path: string;

  constructor(stateDir: string) {
    this.path = localSocketPath(statePaths(stateDir).agentDir);
  }

  async get<S extends z.ZodType>(path: string, schema: S): Promise<z.infer<S>> {
    return schema.parse(JSON.parse(await this.text(path)));
  }

  async text(path: string): Promise<string> {
    return await readAll(await this.#ask('GET', path));
  }

  /** Follows an order to its end; rejects with what the agent says when it failed. */
  async order(
    actionId: string,
    body: unknown,
    onProgress: (message: string) => void,
  ): Promise<Record<string, unknown>> {
    const answer = await this.#ask('PUT', `/local/actions/${actionId}`, JSON.stringify(body));
    for await (const line of createInterface({ input: answer })) {
      const event = ActionEvent.parse(JSON.parse(line));
      if (event.type === 'progress') onProgress(event.message);
      if (event.type !== 'result') continue;
      if (event.ok) return event.result;
      throw new BerthError(event.error.code, event.error.detail);
    }
    throw new BerthError(
      'host_unreachable',
      'The agent ended before it answered; it finishes what it had begun when it starts again.',
    );
  }

  #ask(method: string, path: string, body?: string): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const asked = request({ socketPath: this.path, method, path, headers: { 'content-type': 'application/json' } });
      asked.on('error', (cause: NodeJS.ErrnoException) => {
        const gone = cause.code === 'ENOENT' || cause.code === 'ECONNREFUSED';
        reject(
          gone
            ? new NoAgent('host_unreachable', `The agent does not run: nobody listens on ${this.path}.`, {
                cause,
                remedy: 'Start it alone, without the portal: ./berth doctor --fix',
              })
            : new BerthError('host_unreachable', `The agent does not answer: ${cause.message}.`, { cause }),
        );
      });
      asked.on('response', (answer) => {
        if (answer.statusCode === 200) return resolve(answer);
        readAll(answer).then((text) => reject(problemIn(text)), reject);
      });
      asked.end(body);
    });
  }
}

async function readAll(answer: IncomingMessage): Promise<string> {
  let text = '';
  answer.setEncoding('utf8');
  for await (const chunk of answer) text += chunk;
  return text;
}

function problemIn(text: string): BerthError {
  const problem = Problem.safeParse(JSON.parse(text));
  if (!problem.success) return new BerthError('internal', 'The agent gave an answer that makes no sense.');
  const { code, detail, title, remedy, issues } = problem.data;
  const where = issues?.map((issue) => `${issue.path}: ${issue.message}`).join('; ');
  return new BerthError(code, where ?? detail ?? title, remedy === undefined ? {} : { remedy });
}
