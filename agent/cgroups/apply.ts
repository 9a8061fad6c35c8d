import { readFileSync } from 'node:fs';
import type { Cgroups } from '../parts.ts';
import { cgroupVersion, parseCgroupMounts } from './mounts.ts';
import { createV1 } from './v1/group.ts';
import { createV2 } from './v2/group.ts';

/** The implementation that fits the hierarchies mounted on this host. Groups lie below `/berth-<instance>`. */
export function createCgroups(instance: string): Cgroups {
  const mounts = parseCgroupMounts(readFileSync('/proc/self/mountinfo', 'utf8'));
  const parent = `berth-${instance}`;
  return cgroupVersion(mounts) === 'v1' ? createV1(mounts, parent) : createV2(mounts, parent);
}
