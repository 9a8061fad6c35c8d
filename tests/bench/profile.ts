/** What the list of refused system calls costs at a start: without one, with ours, and with an allow list of every call by name. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ociConfig } from '#agent/runtime/plan.ts';
import { seccompProfile } from '#agent/runtime/seccomp.ts';
import { makePlace } from '#tests/integration/runtime/place.ts';
import { engineDir } from '#tests/support/engine.ts';
import { type Row, row } from './measure.ts';

/** As container engines have it: everything by name, and the rest refused. */
function allowList() {
  const header = readFileSync('/usr/include/x86_64-linux-gnu/asm/unistd_64.h', 'utf8');
  const names = [...header.matchAll(/#define __NR_(\w+)/g)].map((match) => match[1] ?? '');
  return {
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    syscalls: [{ names, action: 'SCMP_ACT_ALLOW' }],
  };
}

export async function benchProfile(say: (text: string) => void, options: { rounds: number }): Promise<Row[]> {
  const place = await makePlace('bp1');
  try {
    const profiles = { none: undefined, ours: seccompProfile(), 'allow list': allowList() };
    const times: Record<keyof typeof profiles, number[]> = { none: [], ours: [], 'allow list': [] };
    const bundle = join(place.config.agentDir, 'bench-bundle');
    mkdirSync(bundle);
    say('starts with and without the list of refused calls');
    for (let round = 0; round <= options.rounds; round += 1) {
      for (const name of Object.keys(profiles) as (keyof typeof profiles)[]) {
        const host = { cgroupsPath: `/berth-bp1-${process.pid}`, openFiles: 1024, oomScoreAdj: 0, figures: [] };
        const { linux, ...rest } = ociConfig(place.plan, host, { kind: 'once', argv: ['/bin/true'] });
        const { seccomp: _, ...bare } = linux;
        const seccomp = profiles[name];
        const changed = { ...rest, linux: seccomp === undefined ? bare : { ...bare, seccomp } };
        writeFileSync(join(bundle, 'config.json'), JSON.stringify(changed));
        const began = performance.now();
        const args = ['--root', join(place.config.agentDir, 'bench-runc'), 'run', '--bundle', bundle, 'bench'];
        execFileSync(join(engineDir, 'bin/runc'), args, { stdio: 'ignore' });
        if (round > 0) times[name].push(performance.now() - began);
      }
    }
    const baseline = { name: 'without any', values: times.none };
    return [
      row('profile', 'start with our list of refused calls', times.ours, { baseline }),
      row('profile', 'start with an allow list', times['allow list'], { baseline }),
    ];
  } finally {
    await place.cleanUp();
  }
}
