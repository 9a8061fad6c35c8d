/** Every verb of the agent, by whose grant and presented by whom; and that a grant is good for nothing but what it says. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UnsecuredJWT } from 'jose';
import { v7 } from 'uuid';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { GrantVerifier } from '#agent/http/grants.ts';
import { ActionVerb, type GrantClaims, ReadVerb } from '#lib/contract/agent.ts';
import { argsHash } from '#lib/contract/args-hash.ts';
import { type GrantSigner, grantSigner } from '#lib/grants/sign.ts';

const signers = ['web', 'worker'] as const;
type Signer = (typeof signers)[number];
const verbs = [...ActionVerb.options, ...ReadVerb.options];
const hostId = v7();
const containerId = v7();
const args = { args: {}, secrets: {} };
const directory = mkdtempSync(join(tmpdir(), 'berth-grants-'));
const made = {} as Record<Signer, GrantSigner>;
const strangers = {} as Record<Signer, GrantSigner>;
let verifier: GrantVerifier;

beforeAll(() => {
  const pair = () =>
    generateKeyPairSync('ed25519', {
      privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
      publicKeyEncoding: { type: 'spki', format: 'pem' },
    });
  const files = {} as Record<Signer, string>;
  for (const signer of signers) {
    const { privateKey, publicKey } = pair();
    files[signer] = join(directory, signer);
    writeFileSync(files[signer], publicKey);
    made[signer] = grantSigner(signer, privateKey);
    strangers[signer] = grantSigner(signer, pair().privateKey);
  }
  verifier = new GrantVerifier({ hostId, grantKeys: files });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const id = `${v7()}.1.step`;
const now = () => Math.floor(Date.now() / 1000);
const claimsFor = (verb: GrantClaims['verb'], change: Partial<GrantClaims> = {}): Omit<GrantClaims, 'iss'> => ({
  ...{
    aud: hostId,
    sub: 'system',
    verb,
    containerId,
    generation: 3,
    operationId: null,
    argsHash: argsHash(args),
    jti: id,
  },
  ...{ iat: now(), exp: now() + 5 },
  ...change,
});
const demandOf = (verb: GrantClaims['verb']) => ({ verb, containerId, generation: 3, args, id });
const passes = async (token: string | undefined, client: Signer, verb: GrantClaims['verb']) =>
  await verifier.verify(token, client, demandOf(verb)).then(
    () => true,
    (error: unknown) => {
      expect(error).toMatchObject({ code: 'grant_refused' });
      return false;
    },
  );

it('is what the committed matrix says, and a grant is presented by whoever signed it', async () => {
  const lines = [`${'verb'.padEnd(24)}${signers.map((one) => one.padEnd(8)).join('')}`];
  for (const verb of verbs) {
    const cells: string[] = [];
    for (const signer of signers) {
      const token = await made[signer].sign(claimsFor(verb));
      const other = signer === 'web' ? 'worker' : 'web';
      expect(await passes(token, other, verb), `${verb} by ${signer}, shown by ${other}`).toBe(false);
      cells.push((await passes(token, signer, verb)) ? 'yes' : '-');
    }
    lines.push(`${verb.padEnd(24)}${cells.map((one) => one.padEnd(8)).join('')}`.trimEnd());
  }
  await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('./grants-matrix.txt');
});

it('is good for its verb, host, container, generation, id, arguments and time, and for nothing else', async () => {
  const wrong: Partial<GrantClaims>[] = [
    { aud: v7() },
    { containerId: v7() },
    { containerId: null },
    { generation: 2 },
    { generation: 4 },
    { generation: null },
    { jti: `${v7()}.1.step` },
    { jti: id.replace('.1.', '.2.') },
    { argsHash: argsHash({ args: { force: true }, secrets: {} }) },
    { iat: now() - 20, exp: now() - 1 },
    { iat: now() + 60, exp: now() + 65 },
    { exp: now() + 3600 },
  ];
  const counts = { good: 0, refused: 0 };
  for (const verb of verbs) {
    for (const signer of signers) {
      const token = await made[signer].sign(claimsFor(verb));
      if (!(await passes(token, signer, verb))) continue;
      counts.good += 1;
      const [head = '', payload = '', signature = ''] = token.split('.');
      const bad = [
        undefined,
        '',
        await strangers[signer].sign(claimsFor(verb)),
        new UnsecuredJWT({ ...claimsFor(verb), iss: signer }).encode(),
        `${Buffer.from(JSON.stringify({ alg: 'none', kid: signer })).toString('base64url')}.${payload}.`,
        `${Buffer.from(JSON.stringify({ alg: 'HS256', kid: signer })).toString('base64url')}.${payload}.${signature}`,
        `${Buffer.from(JSON.stringify({ alg: 'EdDSA', kid: '__proto__' })).toString('base64url')}.${payload}.${signature}`,
        `${head}.${payload}.${signature.slice(0, -4)}AAAA`,
        ...(await Promise.all(wrong.map((change) => made[signer].sign(claimsFor(verb, change))))),
      ];
      for (const one of bad) {
        expect(await passes(one, signer, verb)).toBe(false);
        counts.refused += 1;
      }
      // Some others each, and all of them over all.
      for (const other of verbs.filter((one, n) => one !== verb && (n + counts.good) % 5 === 0)) {
        expect(await passes(token, signer, other), `${verb} for ${other}`).toBe(false);
        counts.refused += 1;
      }
    }
  }
  console.log(`${verbs.length} verbs: ${counts.good} grants good for what they say, ${counts.refused} refused`);
});
