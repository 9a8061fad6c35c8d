import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { consoleCommand } from '#agent/runtime/console-command.ts';
import { killProgram } from '#agent/runtime/exec.ts';
import { createRunc } from '#agent/runtime/runc.ts';

it('a process that has got the id of a program that is over is left alone', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'berth-exec-'));
  const containerId = '0198c5a0-0000-7000-8000-000000000001';
  const other = spawn('sleep', ['30'], { detached: true, stdio: 'ignore' });
  await once(other, 'spawn');
  try {
    const pidFile = join(directory, 'one.pid');
    writeFileSync(pidFile, String(other.pid));
    killProgram(pidFile, containerId);
    const command = consoleCommand(createRunc('/none', directory), directory, containerId);
    writeFileSync(command.pidFile, String(other.pid));
    command.shell()?.kill();
    // A signal is delivered before this process hears of anything else.
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect([other.exitCode, other.signalCode]).toEqual([null, null]);
  } finally {
    other.kill('SIGKILL');
    rmSync(directory, { recursive: true });
  }
});
