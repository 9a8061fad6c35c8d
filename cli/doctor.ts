import { defaultStateDir } from '#lib/settings.ts';
import { examine } from '#server/setup/doctor.ts';

/** Exit status 0: nothing wrong; 3: something is. */
export async function doctor(options: { json?: boolean }): Promise<void> {
  const findings = await examine(defaultStateDir());
  const wrong = findings.filter((finding) => !finding.ok);
  if (wrong.length > 0) process.exitCode = 3;
  if (options.json) {
    console.log(JSON.stringify({ ok: wrong.length === 0, findings }, null, 2));
    return;
  }
  for (const { name, ok, found, remedy } of findings) {
    console.log(
      `${ok ? 'ok   ' : 'WRONG'} ${name.padEnd(24)} ${found}${remedy === undefined ? '' : `\n      ${remedy}`}`,
    );
  }
  console.log(wrong.length === 0 ? 'Nothing is wrong.' : `${wrong.length} of ${findings.length} are wrong.`);
}
