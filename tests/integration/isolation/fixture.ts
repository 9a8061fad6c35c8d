import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerPlan } from '#agent/adapters.ts';
import { ociConfig } from '#agent/runtime/plan.ts';
import { engineDir } from '../../support/engine.ts';
import { buildProbe, type DoorState, makeOutside, type Outside, openDoors } from '../../support/probe.ts';
import { permittedDoors } from './open-doors.ts';

/** The probe, where a container sees it as /old/probe, and things of the host for it to find. */
export type Kit = { directory: string; program: string; outside: Outside; cleanUp(): Promise<void> };

export async function makeKit(): Promise<Kit> {
  const directory = mkdtempSync(join(tmpdir(), 'berth-probe-'));
  chmodSync(directory, 0o755);
  const [program, outside] = [buildProbe(directory), await makeOutside()];
  const cleanUp = async () => {
    await outside.cleanUp();
    rmSync(directory, { recursive: true });
  };
  return { directory, program, outside, cleanUp };
}

/** Doors that are open and not on the list, with what the probe said. */
export function unexpected(doors: readonly DoorState[]): string[] {
  const permitted = new Set(permittedDoors.map((one) => one.door));
  return doors.flatMap((one) =>
    one.state === 'open' && !permitted.has(one.name) ? [`${one.name} ${one.detail}`] : [],
  );
}

/** Doors that are always open by the list and were not: the list is old, or the probe sees nothing. */
export function missing(doors: readonly DoorState[]): string[] {
  const open = new Set(openDoors(doors));
  return permittedDoors.flatMap((one) => (one.sometimes || open.has(one.door) ? [] : [one.door]));
}

/** Runs one program in the container's root as the runtime would, but without our list of refused calls. */
export function withoutProfile(plan: ContainerPlan, directory: string, argv: readonly string[]): string {
  const bundle = join(directory, 'bundle');
  mkdirSync(bundle, { recursive: true });
  const name = `berth-bare-${process.pid}`;
  const host = { cgroupsPath: `/${name}`, openFiles: 1024, oomScoreAdj: 0, figures: [] };
  const { linux, ...rest } = ociConfig(plan, host, { kind: 'once', argv });
  const { seccomp: _, ...bare } = linux;
  writeFileSync(join(bundle, 'config.json'), JSON.stringify({ ...rest, linux: bare }));
  const args = ['--root', join(directory, 'runc'), 'run', '--bundle', bundle, name];
  return execFileSync(join(engineDir, 'bin/runc'), args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
