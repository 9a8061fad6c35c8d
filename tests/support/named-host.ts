import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';

export type Answer = { status: number; headers: Record<string, string>; cookies: string[]; body: Buffer; text: string };

/** A request under a name, whatever that is, to the web process. */
export function askUnder(
  port: number,
  host: string,
  path: string,
  init: { method?: string; body?: unknown; cookie?: string; accept?: string } = {},
) {
  return new Promise<Answer>((resolve, reject) => {
    const { method = 'GET', body, cookie, accept = 'text/html' } = init;
    const sent = httpRequest(
      {
        ...{ host: '127.0.0.1', port, path, method, setHost: false },
        headers: {
          ...{ host, accept, origin: `http://${host}` },
          ...(cookie === undefined ? {} : { cookie }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () => {
          const whole = Buffer.concat(chunks);
          const headers = Object.fromEntries(Object.entries(response.headers).map(([k, v]) => [k, String(v)]));
          const cookies = response.headers['set-cookie'] ?? [];
          resolve({ status: response.statusCode ?? 0, headers, cookies, body: whole, text: whole.toString('utf8') });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
/** What is answered to these very bytes. */
export function sendBytes(port: number, head: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${head}\r\nConnection: close\r\n\r\n`, 'latin1'));
    let answer = '';
    socket.setEncoding('utf8');
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.on('close', () => resolve(answer));
    socket.on('error', reject);
  });
}
