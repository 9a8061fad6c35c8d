import { defaultStateDir } from '#lib/settings.ts';
import type { Check } from '#server/setup/doctor/check.ts';
import { examine, type Mended, mend } from '#server/setup/doctor.ts';

/**
 * What is wrong, why it matters and how it is mended. With `fix` everything that can be mended safely is, and then looked at again.
 * Exit status 0: nothing is wrong (any more); 3: something is.
 */
export async function doctor(options: { json?: boolean; fix?: boolean }): Promise<void> {
  let checks = await examine(defaultStateDir());
  let mended: Mended[] = [];
  if (options.fix === true && checks.some((check) => !check.ok && check.fix !== null)) {
    if (!options.json) print(checks.filter((check) => !check.ok));
    mended = await mend(checks);
    checks = await examine(defaultStateDir());
  }
  const faults = checks.filter((check) => !check.ok);
  if (faults.length > 0) process.exitCode = 3;
  if (options.json) {
    const shown = checks.map(({ fix, ...check }) => ({ ...check, fixCommand: fix?.command ?? null }));
    console.log(JSON.stringify({ ok: faults.length === 0, checks: shown, mended }, null, 2));
    return;
  }
  for (const { id, command, error } of mended) {
    console.log(`${error === null ? 'mended' : 'NOT MENDED'} ${id}: ${error ?? command}`);
  }
  print(checks);
  const some = faults.some((check) => check.fix !== null) && options.fix !== true;
  console.log(
    faults.length === 0
      ? 'Nothing is wrong.'
      : `${faults.length} of ${checks.length} are wrong.${some ? ' "./berth doctor --fix" mends what can be mended safely.' : ''}`,
  );
}

function print(checks: readonly Check[]): void {
  for (const { id, ok, found, why, mend, fix } of checks) {
    console.log(`${ok ? 'ok   ' : 'WRONG'} ${id.padEnd(24)} ${found}`);
    if (ok) continue;
    console.log(`      why it matters: ${why}\n      to mend it: ${mend}${fix === null ? '' : ` (${fix.command})`}`);
  }
}
