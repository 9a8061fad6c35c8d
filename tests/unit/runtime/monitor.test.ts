import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { conmonArgs, monitorPaths, parseSyncWord, plainLog } from '#agent/monitor/plan.ts';
import { heeds } from '#agent/runtime/process.ts';
import { parseStat } from '#agent/sys/stat.ts';

describe('the monitor', () => {
  it('is given the runtime’s own arguments one by one', () => {
    const args = conmonArgs(
      { containerId: 'id', bundle: '/b', runtime: '/e/runc', runtimeArgs: ['--root', '/r'] },
      monitorPaths('/a', 'id'),
    );
    expect(args.join(' ')).toContain('--runtime /e/runc --runtime-arg --root --runtime-arg /r');
    expect(args).toContain('--terminal');
    expect(args[args.indexOf('--exit-dir') + 1]).toBe('/a/run/exits');
  });

  it('reports a pid or why there is none', () => {
    expect(parseSyncWord('{"data":4242}')).toEqual({ pid: 4242 });
    expect(parseSyncWord('{"pid":7}')).toEqual({ pid: 7 });
    expect(parseSyncWord('{"data":-1,"message":"no such root\\n"}')).toEqual({ error: 'no such root' });
    expect(parseSyncWord('')).toEqual({ error: 'the monitor ended without a word' });
    expect(parseSyncWord('null')).toHaveProperty('error');
    fc.assert(fc.property(fc.string(), (line) => void parseSyncWord(line)));
  });
});

describe('the boot log', () => {
  it('is the console’s text without the monitor’s frame, joined where a line went on', () => {
    const log = [
      'cut in the middle of a line',
      '2026-01-31T12:00:00.000000000+00:00 stdout F booting\r',
      '2026-01-31T12:00:01.000000000+00:00 stdout P login',
      '2026-01-31T12:00:02.000000000+00:00 stdout F : root',
      '',
    ].join('\n');
    expect(plainLog(log)).toBe('booting\nlogin: root\n');
  });
});

describe('what /proc says', () => {
  it('is read right whatever a process calls itself', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 15 }),
        fc.nat(),
        fc.integer({ min: 0, max: 2 ** 40 }),
        (name, parent, ticks) => {
          const after = ['S', String(parent), ...Array.from({ length: 17 }, () => '0'), String(ticks), '0'].join(' ');
          expect(parseStat(`12 (${name}) ${after}`)).toEqual({ state: 'S', parent, startTicks: ticks });
        },
      ),
    );
    expect(parseStat('')).toBeNull();
  });

  it('shows whether a signal is caught or blocked', () => {
    const status = 'SigBlk:\t0000001000000000\nSigIgn:\t0000000000000800\nSigCgt:\t0000000000080000\n';
    expect(heeds(status, 37)).toBe(true); // blocked, for signalfd
    expect(heeds(status, 20)).toBe(true); // caught
    expect(heeds(status, 12)).toBe(false); // ignored
    expect(heeds('', 12)).toBe(false);
  });
});
