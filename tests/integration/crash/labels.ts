/** Which effects of the agent the suite has to have met. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Labels that the scenarios do not pass, and why. The list may only get shorter. */
const elsewhere: Record<string, readonly RegExp[]> = {
  'not on a host, or before there is an agent': [/^SIM:/, /^ENROLL:/],
  'Debian from its mirror, a minute for each kill': [/^TEMPLATE:(DEBIAN|STRIP|MASK|ENABLE)$/],
  'a host that mounts no erofs from a file; a pool without reflinks; a resize2fs that leaves the file long': [
    /^LAYER:(LOOP|BIND|READ-ONLY|UNPACK|UNPACKED)$/,
    /^SNAPSHOT:COPY$/,
    /^VOLUME:(SHRINK|COPY)$/,
  ],
  'a pool with project quotas': [
    /^VOLUME:(BIND|BIND-FLAGS|DISCARD|LIMIT|PROJECT)$/,
    /^SNAPSHOT:PROJECT$/,
    /^CGROUP:(FREEZE|THAW)$/,
  ],
  'an agent that begins; uploads, which are no action: what has come stays': [/^TRANSFER:(DIRECTORY|APPEND)$/],
  'readers of files, of whom nothing is left when they end': [/^FILES:(END|USER-NAMESPACE)$/],
  'layers that come from a backup location': [/^LAYER:COPY$/, /^BACKUP:(FETCH-LAYER|REMOVE-FETCHED)$/],
  'the end of a host; forwarding that somebody else has turned on': [
    /^NETWORK:(STOP-RESOLVER|REMOVE-FILES|REMOVE-HOOK|DELETE-BRIDGE|DELETE-RULES)$/,
    /^NETWORK:(FORWARDING|REMEMBER-FORWARDING|FORGET-FORWARDING)$/,
    /^CGROUP:ENABLE$/,
  ],
  'what has gone wrong otherwise: damage at a location, a command that ignores its end, a full or slow disk, too many crashes, another worker, a rescue system that does not start':
    [
      /^BACKUP:(FORGET-PARTIAL|HEAL-CONFIG|HEAL-KEY|HEAL-SNAPSHOT|REPAIR-INDEX|REMOVE-LOCK|REMOVE-DAMAGED|CHECK-CONFIG)$/,
      /^BACKUP:END-HELPER$/,
      /^SYS:BOUNDED-KILL$/,
      /^SNAPSHOT:(DETACH|DISCARD)$/,
      /^VOLUME:RESIZE-DISCARD$/,
      /^STORE:DESIRED$/,
      /^LXCFS:(END|UNMOUNT)$/,
      /^LEDGER:FENCE$/,
      /^STORE:REPAIR-BACK$/,
    ],
  'one row of the audit record’s heads, in a transaction; tests/integration/portal/audit.test.ts': [/^AUDIT:HEAD$/],
  'one setting of its own, minutes after the panel was heard; tests/integration/two-agents': [/^STORE:PANEL-HEARD$/],
  'certificates and keys that change, as tests/long/upgrade has them do': [/^IDENTITY:/],
  'reading a location without an agent; forgetting after a month': [/^BACKUP:(LIST|READ-METADATA)$/, /^LEDGER:PRUNE$/],
  'which depends on the moment of the kill': [
    /^(CGROUP:KILL|MONITOR:END|NETWORK:DELETE-VETH|VOLUME:LEFTOVER|LAYER:LEFTOVER|TRANSFER:LEFTOVER|CONSOLE:KILL)$/,
    /^BACKUP:(UNLOCK|FIND-EARLIER|FORGET-EARLIER|REMOVE-LEFT-OVERS)$/,
  ],
};

/** Every effect label of the agent's source. */
function labelsInSource(): string[] {
  const found = new Set<string>();
  const walk = (directory: string) => {
    for (const entry of readdirSync(directory, { withFileTypes: true })) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) walk(path);
      else if (entry.name.endsWith('.ts')) {
        for (const [, label = ''] of readFileSync(path, 'utf8').matchAll(/'([A-Z][A-Z0-9]*(?::[A-Z0-9-]+)+)'/g))
          found.add(label);
      }
    }
  };
  walk(new URL('../../../agent', import.meta.url).pathname);
  return [...found].sort();
}

/** The labels nobody has met and nothing excuses, and a line with the count. */
export function judgeLabels(hit: ReadonlySet<string>): { missed: string[]; line: string } {
  const all = labelsInSource();
  const patterns = Object.values(elsewhere).flat();
  const excused = all.filter((label) => patterns.some((pattern) => pattern.test(label)));
  return {
    missed: all.filter((label) => !hit.has(label) && !excused.includes(label)),
    line: `labels: ${hit.size} hit, ${excused.filter((label) => !hit.has(label)).length} of other business not, of ${all.length}`,
  };
}
