/**
 * The isolation gate: root in a container tries every door that the probe knows, with all masks taken off; what opens must be in
 * open-doors.ts with a reason. tests/integration/runtime/systemd.test.ts does the same in a systemd container.
 */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DoorState, openDoors, parseDoors, probeControl } from '../../support/probe.ts';
import { makePlace, type Place } from '../runtime/place.ts';
import { type Kit, makeKit, missing, unexpected, withoutProfile } from './fixture.ts';
import { holesBehindDoors } from './open-doors.ts';

let place: Place;
let kit: Kit;
let inside: DoorState[];
let control: DoorState[];
beforeAll(async () => {
  kit = await makeKit();
  place = await makePlace('is1');
  place.plan.old = kit.directory;
  control = probeControl(kit.program, kit.outside);
});
afterAll(async () => {
  await place?.cleanUp();
  await kit?.cleanUp();
});

const argv = () => ['/old/probe', ...kit.outside.argv];
/** What of the host an escape would have changed. Mounts of other programs' own directories come and go. */
const hostState = () => ({
  pattern: readFileSync('/proc/sys/kernel/core_pattern', 'utf8'),
  letter: readFileSync(kit.outside.file, 'utf8'),
  mounts: readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => line.split(' ')[4] ?? '')
    .filter((target) => target !== '' && !/^\/(tmp|var|run\/user)\//.test(target)),
});

describe('root in a container', () => {
  it('finds no door open that is not on the list, and those that are always open', async () => {
    const before = hostState();
    await place.runtime.start(place.plan);
    const result = await place.runtime.exec(place.containerId, argv(), { timeoutMs: 60_000 });
    await place.runtime.kill(place.containerId);
    await place.runtime.cleanUp(place.containerId);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    inside = parseDoors(result.stdout);
    const tried = inside.filter((door) => door.state !== 'untried').length;
    console.log(`${tried} of ${inside.length} doors tried, ${openDoors(inside).length} open and on the list`);
    expect(unexpected(inside)).toEqual([]);
    expect(missing(inside)).toEqual([]);
    expect(tried).toBeGreaterThan(200);
    expect(hostState()).toEqual(before);
  });

  it('finds none either as what the agent runs in a container that is stopped', async () => {
    const { stdout, exitCode } = await place.runtime.runOnce(place.plan, argv(), { timeoutMs: 60_000 });
    expect(exitCode).toBe(0);
    expect(unexpected(parseDoors(stdout))).toEqual([]);
  });

  it.each(Object.entries(holesBehindDoors))('%s is shut', (_, doors) => {
    const states = doors.map((name) => inside.find((door) => door.name === name)?.state);
    expect(states).toEqual(doors.map(() => 'closed'));
  });
});

describe('the probe', () => {
  it('finds doors open where there is little isolation, so a shut door means something', () => {
    const open = new Set(openDoors(control));
    const shut = inside.filter((door) => door.state === 'closed' && open.has(door.name));
    console.log(`${shut.length} doors are open to the host’s root and shut inside`);
    expect(shut.length).toBeGreaterThan(60);
    const names = [
      'file of the host',
      'process of the host',
      'abstract socket of the host',
      'shared memory of the host',
    ];
    expect(shut.map((door) => door.name)).toEqual(expect.arrayContaining(names));
    expect(unexpected(control).length).toBeGreaterThan(60);
  });

  it('shows what the list of refused calls adds to the user namespace', () => {
    const doors = parseDoors(withoutProfile(place.plan, place.config.agentDir, argv()));
    const open = new Set(openDoors(inside));
    const added = openDoors(doors).filter((name) => !open.has(name));
    console.log(`shut by the list of refused calls alone: ${added.join(', ')}`);
    expect(added).toEqual(
      expect.arrayContaining(['io_uring', 'keyctl', 'socket vsock', 'socket vsock (high bits set)']),
    );
    expect(added).toEqual(expect.arrayContaining(['socket vsock (socketcall)', 'io_uring (32-bit)']));
  });
});
