/**
 * When memory runs out the kernel ends whom it finds worst, and the agent is to be the last (OOMScoreAdjust=-900 in its unit). That is inherited: what the agent
 * starts would be as well protected, restic with its gigabyte too. So it lays its protection aside for the moment in which a process is begun.
 */
import { readFileSync, writeFileSync } from 'node:fs';

const file = '/proc/self/oom_score_adj';

/** Gives what runs `begin`, which starts a process and returns when that has its program: this one is at `own` but for that moment, at `usual`. */
export function layingAside(own: number, usual = 0): <T>(begin: () => T) => T {
  return (begin) => {
    if (own >= usual) return begin();
    writeFileSync(file, String(usual));
    try {
      return begin();
    } finally {
      writeFileSync(file, String(own));
    }
  };
}

/** A process begun so is as likely to be ended as any other. */
export const unprotected = layingAside(Number(readFileSync(file, 'utf8')));
