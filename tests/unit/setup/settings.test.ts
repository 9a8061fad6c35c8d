import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadSettings, RoleSecrets, statePaths } from '#lib/settings.ts';
import { mergeConfig } from '#server/setup/configure.ts';

const key = Buffer.alloc(32, 7).toString('base64');
let stateDir: string;

beforeEach(() => {
  stateDir = mkdtempSync(join(tmpdir(), 'berth-settings-'));
  const paths = statePaths(stateDir);
  writeFileSync(paths.config, JSON.stringify(mergeConfig(undefined, {}, false)));
  const secrets = {
    web: { databaseUrl: 'postgresql://w', authSecret: 'a'.repeat(40), sealKey: key },
    worker: { databaseUrl: 'postgresql://k', sealKey: key, kek: key, recoveryPassword: 'r'.repeat(20) },
    owner: { databaseUrl: 'postgresql://o' },
  };
  for (const role of ['web', 'worker', 'owner'] as const) {
    mkdirSync(paths.role(role), { recursive: true });
    writeFileSync(join(paths.role(role), 'settings.json'), JSON.stringify(RoleSecrets[role].parse(secrets[role])));
  }
});
afterEach(() => rmSync(stateDir, { recursive: true }));

it('gives each role its own secrets and paths, and none of another role', () => {
  const paths = statePaths(stateDir);
  const web = loadSettings('web', stateDir);
  expect(web.databaseUrl).toBe('postgresql://w');
  expect(web.sealKey).toHaveLength(32);
  expect(JSON.stringify(web)).not.toContain(paths.role('worker'));
  expect(web).not.toHaveProperty('kek');
  const worker = loadSettings('worker', stateDir);
  expect(worker.kek).toHaveLength(32);
  expect(JSON.stringify(worker)).not.toContain(paths.role('web'));
});

it('needs only its own directory', () => {
  rmSync(statePaths(stateDir).role('worker'), { recursive: true });
  expect(loadSettings('web', stateDir).role).toBe('web');
  expect(() => loadSettings('worker', stateDir)).toThrow('Has "./berth up" finished here?');
});

it('says which file does not fit and why', () => {
  writeFileSync(join(statePaths(stateDir).role('worker'), 'settings.json'), '{"kek":"short"}');
  expect(() => loadSettings('worker', stateDir)).toThrow(/worker\/settings\.json does not fit[\s\S]*kek/);
});

it('keeps what was written into config.json by hand', () => {
  const byHand = { stepUpMinutes: 5, emergencyApprovals: 1 as const, handoversAcrossResellers: true };
  const present = { ...mergeConfig(undefined, {}, false), ...byHand };
  expect(mergeConfig(present, { port: 9000 }, false)).toMatchObject({ ...byHand, port: 9000 });
});
