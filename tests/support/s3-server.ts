/**
 * A server that speaks S3, in a process of its own: `node s3-server.ts DIRECTORY BUCKET [POLICY]`. The server itself knows no policies; the
 * one in that file, with BUCKET for the bucket's name, is gone by before a request comes to it. Says where it listens on standard output.
 * Requests must be signed; the key and its secret are both S3RVER.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import S3rver from '@20minutes/s3rver';
import { allows, Policy } from './s3-policy.ts';

type Signed = { uri: string };
type Signing = { getStringToSign(request: Signed, signature: unknown): string };

const [, , directory, name = '', policyFile] = process.argv;
const options = { address: '127.0.0.1', port: 0, silent: true, directory, configureBuckets: [{ name, configs: [] }] };
const server = new S3rver(options);

// It forgets the slash after a bucket's name, which restic's own client (as many) signs along.
const asked = new AsyncLocalStorage<string>();
server.middleware.unshift((context, next) => asked.run(context.req.url ?? '/', next));
const signing = createRequire(import.meta.url)('@20minutes/s3rver/lib/signature/v4.js') as Signing;
const { getStringToSign } = signing;
signing.getStringToSign = (request, signature) => {
  const slash = asked.getStore()?.split('?')[0]?.endsWith('/') === true && !request.uri.endsWith('/');
  return getStringToSign(slash ? { ...request, uri: `${request.uri}/` } : request, signature);
};

if (policyFile !== undefined) {
  const policy = Policy.parse(JSON.parse(readFileSync(policyFile, 'utf8').replaceAll('BUCKET', name)));
  server.middleware.unshift(async (context, next) => {
    if (allows(policy, context.method, context.req.url ?? '/')) return await next();
    const message = 'The policy does not allow this.';
    context.status = 403;
    context.type = 'application/xml';
    context.body = `<?xml version="1.0"?><Error><Code>AccessDenied</Code><Message>${message}</Message></Error>`;
  });
}

const { port } = await server.run();
console.log(`http://127.0.0.1:${port}/`);
