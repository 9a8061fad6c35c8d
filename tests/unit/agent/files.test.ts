import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { writeOnce } from '../../../agent/sys/files.ts';

it('a file that two agents write at once keeps what the first one wrote', () => {
  const directory = mkdtempSync(join(tmpdir(), 'berth-files-'));
  try {
    const path = join(directory, 'before');
    writeOnce('NETWORK:REMEMBER-FORWARDING', path, '0');
    writeOnce('NETWORK:REMEMBER-FORWARDING', path, '1');
    expect(readFileSync(path, 'utf8')).toBe('0');
  } finally {
    rmSync(directory, { recursive: true });
  }
});
