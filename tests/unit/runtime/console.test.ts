import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Scrollback } from '#agent/console/scrollback.ts';
import { cpuCores, usageOf } from '#agent/metrics/plan.ts';

describe('scrollback', () => {
  it('keeps the end of what was written, never more than its limit', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), fc.integer({ min: 1, max: 100 }), (chunks, limit) => {
        const scrollback = new Scrollback(limit);
        for (const chunk of chunks) scrollback.push(chunk);
        const all = Buffer.concat(chunks);
        const kept = scrollback.content();
        expect(kept.length).toBeLessThanOrEqual(limit);
        expect(all.subarray(all.length - kept.length).equals(kept)).toBe(true);
        if (all.length <= limit - 1) expect(kept.length).toBe(all.length);
        else expect(kept.length).toBeGreaterThanOrEqual(limit - 3);
      }),
    );
  });

  it('does not begin in the middle of a character', () => {
    const scrollback = new Scrollback(5);
    scrollback.push(Buffer.from('€€')); // three bytes each
    expect(scrollback.content().toString()).toBe('€');
  });
});

describe('usage', () => {
  it('counts cores between two samples, and nothing across a restart', () => {
    const before = { cpuSeconds: 10, atMs: 1000 };
    expect(cpuCores(before, { cpuSeconds: 11, atMs: 3000 })).toBe(0.5);
    expect(cpuCores(undefined, before)).toBe(0);
    expect(cpuCores(before, { cpuSeconds: 1, atMs: 3000 })).toBe(0);
    expect(cpuCores(before, { cpuSeconds: 11, atMs: 1000 })).toBe(0);
  });

  it('shows traffic from the container’s side of the cable', () => {
    const group = { cpuSeconds: 1, memoryBytes: 2, pids: 3 };
    const usage = usageOf(group, 0.5, { bytes: 4, inodes: 5 }, { rxBytes: 6, txBytes: 7 });
    expect(usage).toMatchObject({ sentBytes: 6, receivedBytes: 7, cpuCores: 0.5, diskBytes: 4, inodes: 5 });
  });
});
