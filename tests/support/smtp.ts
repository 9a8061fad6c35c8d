import { SMTPServer } from 'smtp-server';
import { freePort } from './postgres.ts';

export type TestSmtp = {
  port: number;
  /** What it took, as it came. */
  received: string[];
  /** From whom and to whom, in the envelope. */
  senders: string[];
  recipients: string[];
  /** While true, it takes no mail. */
  refuse: boolean;
  /** What it waits for before it says whether it takes a mail. */
  waits: Promise<void>;
  close(): Promise<void>;
};

/** A real mail server on loopback, which takes whatever it is handed. */
export async function startSmtp(): Promise<TestSmtp> {
  const port = await freePort();
  const smtp: TestSmtp = {
    port,
    received: [],
    senders: [],
    recipients: [],
    refuse: false,
    waits: Promise.resolve(),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  const server = new SMTPServer({
    authOptional: true,
    hideSTARTTLS: true,
    onMailFrom({ address }, _session, done) {
      smtp.senders.push(address);
      done(null);
    },
    onRcptTo({ address }, _session, done) {
      smtp.recipients.push(address);
      void smtp.waits.then(() => done(smtp.refuse ? new Error('not now') : null));
    },
    onData(stream, _session, done) {
      let text = '';
      stream.on('data', (chunk: Buffer) => {
        text += chunk.toString('utf8');
      });
      stream.on('end', () => {
        smtp.received.push(text);
        done();
      });
    },
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return smtp;
}
