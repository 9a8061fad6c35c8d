/** Runs a program as a container's root would run it, without a runtime: own user, mount and pid namespaces, chroot into a mounted root. */
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

export type InRootResult = { code: number | null; stdout: string; stderr: string };

export async function inRoot(root: string, idBase: number, argv: readonly string[], input = ''): Promise<InRootResult> {
  // waits for a line, so that the id maps can be written from outside first
  const script = 'read -r _; exec setpriv --reuid=0 --regid=0 --clear-groups chroot "$@"';
  const child = spawn(
    'unshare',
    ['-U', '--keep-caps', '-m', '--propagation=unchanged', 'sh', '-c', script, 'sh', root, ...argv],
    {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
    },
  );
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const closed = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  for (let attempt = 0; ; attempt += 1) {
    try {
      for (const map of ['uid_map', 'gid_map']) writeFileSync(`/proc/${child.pid}/${map}`, `0 ${idBase} 65536\n`);
      break;
    } catch (error) {
      // until unshare has run, the process is still in the host's namespace, whose map refuses a second writing (EPERM)
      if (attempt > 400) throw error;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }
  child.stdin.end(`go\n${input}`);
  return { code: await closed, stdout, stderr };
}

/** A shell script in there; throws unless it succeeds. */
export async function shellInRoot(root: string, idBase: number, script: string): Promise<string> {
  const { code, stdout, stderr } = await inRoot(root, idBase, ['/bin/sh', '-ec', script]);
  if (code !== 0) throw new Error(`in root: ${code}: ${stdout}${stderr}`);
  return stdout;
}
