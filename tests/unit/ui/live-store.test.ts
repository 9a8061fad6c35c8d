import { describe, expect, it } from 'vitest';
import { createLiveStore, later } from '#app/_ui/live-store.ts';
import { id, operation, usage } from '#tests/support/fixtures.ts';

describe('the later of two words about an operation', () => {
  it('is the one with more attempts', () => {
    const first = operation('start', 'failed');
    const second = operation('start', 'running', { attempt: 2, percent: 0 });
    expect(later(first, second)).toBe(second);
    expect(later(second, first)).toBe(second);
  });
  it('is its end, whichever came first', () => {
    const running = operation('backup', 'running', { percent: 99 });
    const done = operation('backup', 'succeeded');
    expect(later(done, running)).toBe(done);
    expect(later(running, done)).toBe(done);
  });
  it('is the undoing, though its progress is less', () => {
    const running = operation('restore', 'running', { percent: 80 });
    const undoing = operation('restore', 'undoing', { percent: 10 });
    expect(later(undoing, running)).toBe(undoing);
    expect(later(running, undoing)).toBe(undoing);
  });
  it('never goes back in progress', () => {
    const more = operation('backup', 'running', { percent: 60 });
    const less = operation('backup', 'running', { percent: 20 });
    expect(later(more, less)).toBe(more);
  });
});

describe('the live store', () => {
  it('says once that an operation has ended', () => {
    const store = createLiveStore();
    expect(store.putOperation(operation('start', 'running'))).toBe(false);
    expect(store.putOperation(operation('start', 'succeeded'))).toBe(true);
    expect(store.putOperation(operation('start', 'succeeded'))).toBe(false);
    expect(store.active(id(1, 1))).toBeNull();
  });
  it('prefers what holds a container over what runs beside it', () => {
    const store = createLiveStore();
    store.putOperation(operation('stop', 'running', { id: id(4, 2) }));
    store.putOperation(operation('backup', 'running', { id: id(4, 3), lock: 'background' }));
    expect(store.active(id(1, 1))?.kind).toBe('stop');
  });
  it('says what runs by all that was heard, the longest silent first, and forgets when told', () => {
    const store = createLiveStore();
    store.putOperation(operation('stop', 'running', { id: id(4, 2) }));
    store.putOperation(operation('backup', 'running', { id: id(4, 3) }));
    store.putOperation(operation('start', 'succeeded', { id: id(4, 4) }));
    store.putOperation(operation('stop', 'running', { id: id(4, 2), percent: 50 }));
    expect(store.running().map((one) => one.id)).toEqual([id(4, 3), id(4, 2)]);
    store.forget(id(4, 3));
    expect(store.running().map((one) => one.id)).toEqual([id(4, 2)]);
  });
  it('keeps samples in order and no more than it shows', () => {
    const store = createLiveStore();
    for (let at = 1; at <= 400; at += 1) store.putUsage(id(1, 1), { atMs: at, usage: usage() });
    store.putUsage(id(1, 1), { atMs: 5, usage: usage() });
    const samples = store.samples(id(1, 1));
    expect(samples).toHaveLength(180);
    expect(samples.at(-1)?.atMs).toBe(400);
  });
  it('gives the same snapshot until something changes', () => {
    const store = createLiveStore();
    expect(store.samples('x')).toBe(store.samples('x'));
    store.putOperation(operation('start', 'running'));
    expect(store.active(id(1, 1))).toBe(store.active(id(1, 1)));
  });
});
