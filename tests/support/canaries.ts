/** Secrets that are planted or taken from an installation, and everywhere they must not be found. */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import pg from 'pg';

export type Leak = { secret: string; where: string };

/** Named secrets; `find` tells which of them stand in a text, as they are or in the ways programs write them down. */
export class Canaries {
  readonly #needles = new Map<string, string>();

  /** A new secret of this name, good as a password anywhere. */
  plant(name: string): string {
    const secret = `Canary-${name}-${randomBytes(12).toString('hex')}`;
    this.add(name, secret);
    return secret;
  }

  /** One that the installation made itself. Too short ones would be found by chance. */
  add(name: string, secret: string): void {
    if (secret.length < 16) throw new Error(`${name} is too short to be searched for`);
    const bytes = Buffer.from(secret);
    const forms = [secret, encodeURIComponent(secret), bytes.toString('hex'), JSON.stringify(secret).slice(1, -1)];
    // In base64 the beginning of what stands before shifts the letters: three ways, without the ends that neighbours change.
    for (const before of ['', 'x', 'xx'])
      forms.push(
        Buffer.from(before + secret)
          .toString('base64')
          .slice(4, -4),
      );
    for (const form of forms) this.#needles.set(form, name);
  }

  get count(): number {
    return new Set(this.#needles.values()).size;
  }

  entries(): [string, string][] {
    return [...this.#needles].map(([text, name]) => [name, text]);
  }

  find(text: string, where: string): Leak[] {
    const found = [...this.#needles].filter(([needle]) => text.includes(needle));
    return [...new Set(found.map(([, name]) => name))].map((secret) => ({ secret, where }));
  }

  /** In every file below, by its bytes. Returns also how many there were: none searched is none proved. */
  findInFiles(directory: string, except: (path: string) => boolean = () => false): { leaks: Leak[]; files: number } {
    const leaks: Leak[] = [];
    let files = 0;
    for (const path of filesBelow(directory)) {
      if (except(path)) continue;
      if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 256 * 1024 ** 2) continue;
      files += 1;
      leaks.push(...this.find(readFileSync(path, 'latin1'), path));
    }
    return { leaks, files };
  }

  /** In every row of every table of every schema, written out; compressed values are not seen in the files. */
  async findInDatabase(url: string): Promise<{ leaks: Leak[]; tables: number }> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      const { rows } = await client.query<{ name: string }>(
        `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')`,
      );
      const leaks: Leak[] = [];
      for (const { name } of rows) {
        const { rows: lines } = await client.query<{ line: string }>(`SELECT t::text AS line FROM ${name} t`);
        leaks.push(...this.find(lines.map(({ line }) => line).join('\n'), `table ${name}`));
      }
      return { leaks, tables: rows.length };
    } finally {
      await client.end();
    }
  }
}

/** Watches arguments and environments of all processes of this machine from now on. */
export async function watchProcesses(canaries: Canaries) {
  const program = new URL('./process-sampler.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { NODE_ENV: 'test' },
  });
  const leaks: Leak[] = [];
  let summary = { looks: 0, processes: 0 };
  let ready: (() => void) | undefined;
  createInterface({ input: child.stdout }).on('line', (line) => {
    const said = JSON.parse(line) as Record<string, never>;
    if ('hit' in said) leaks.push({ secret: said.hit, where: `process list: ${said.where}` });
    else if ('looks' in said) summary = said as unknown as typeof summary;
    else ready?.();
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  /** Tells it what has been added since. */
  const know = async () => {
    const told = new Promise<void>((resolve) => {
      ready = resolve;
    });
    child.stdin.write(`${JSON.stringify(canaries.entries())}\n`);
    await told;
  };
  await know();
  return {
    know,
    async end() {
      child.stdin.end();
      await ended;
      return { leaks, ...summary };
    },
  };
}

/** Regular files of one file system: what is mounted below (containers' disks, lxcfs) is another matter. */
function filesBelow(directory: string, device = statSync(directory).dev): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isFile()) return [path];
    if (!entry.isDirectory() || statSync(path, { throwIfNoEntry: false })?.dev !== device) return [];
    return filesBelow(path, device);
  });
}
