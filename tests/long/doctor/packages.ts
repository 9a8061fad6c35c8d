/** Looks for missing packages, mends, looks again; one JSON line each. Started by package-world.sh in a world of its own. */
import { packages } from '#server/setup/doctor/machine.ts';

const checkout = process.argv[2] ?? '';
const before = await packages(checkout);
console.log(JSON.stringify({ ok: before.ok, found: before.found, command: before.fix?.command }));
await before.fix?.apply();
const after = await packages(checkout);
console.log(JSON.stringify({ ok: after.ok, found: after.found }));
