/** Other people's tools with the same root file system, where they are installed. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type OtherStep = 'create' | 'start' | 'copy' | 'kill' | 'delete';
export type Other = {
  name: string;
  /** False: the tool has no such thing. */
  run(step: OtherStep, name: string): Promise<boolean>;
  cleanUp(): void;
};

const call = (program: string, ...args: string[]) => execFileSync(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
const installed = (program: string) => {
  try {
    call('which', program);
    return true;
  } catch {
    return false;
  }
};

/** LXC on a directory and overlay snapshots, no network. */
function lxc(tree: string, directory: string): Other {
  const at = join(directory, 'lxc');
  mkdirSync(at);
  const make = (name: string) => {
    mkdirSync(join(at, name));
    const config = `lxc.rootfs.path = overlay:${tree}:${join(at, name, 'delta')}\nlxc.uts.name = web-1\nlxc.net.0.type = empty\nlxc.init.cmd = /sbin/init\n`;
    mkdirSync(join(at, name, 'delta'));
    writeFileSync(join(at, name, 'config'), config);
  };
  return {
    name: 'LXC',
    async run(step, name) {
      if (step === 'create') make(name);
      else if (step === 'start') call('lxc-start', '-P', at, '-n', name, '-d');
      else if (step === 'kill') call('lxc-stop', '-P', at, '-n', name, '-k');
      else if (step === 'delete') rmSync(join(at, name), { recursive: true });
      else return false;
      return true;
    },
    cleanUp: () => undefined,
  };
}

/** podman with its own storage, no network. */
function podman(tree: string, directory: string): Other {
  const place = ['--root', join(directory, 'podman'), '--runroot', join(directory, 'podman-run')];
  const run = (...args: string[]) => call('podman', ...place, ...args);
  execFileSync(
    '/bin/sh',
    ['-c', 'tar -C "$1" -c . | podman "$2" "$3" "$4" "$5" import - berth-bench', 'sh', tree, ...place],
    {
      stdio: 'pipe',
    },
  );
  return {
    name: 'podman',
    async run(step, name) {
      if (step === 'create') run('create', '--name', name, '--network=none', 'berth-bench', '/sbin/init');
      else if (step === 'start') run('start', name);
      else if (step === 'kill') run('kill', name);
      else if (step === 'delete') run('rm', '--force', name);
      else return false;
      return true;
    },
    cleanUp: () => void run('rmi', '--all', '--force'),
  };
}

/** The tools that are here; of the others it is said that they are not. `layer`: the image of the root file system. */
export function otherTools(layer: string, say: (text: string) => void): Other[] {
  const kinds = [
    { program: 'lxc-start', make: lxc, name: 'LXC' },
    { program: 'podman', make: podman, name: 'podman' },
  ];
  const here = kinds.filter(({ program, name }) => {
    if (installed(program)) return true;
    say(`${name} is not installed: left out`);
    return false;
  });
  if (here.length === 0) return [];
  const directory = mkdtempSync(join(tmpdir(), 'berth-others-'));
  const tree = join(directory, 'tree');
  mkdirSync(tree);
  call('mount', '-o', 'ro', layer, tree);
  const tools = here.map(({ make }) => make(tree, directory));
  return tools.map((tool, index) => ({
    ...tool,
    cleanUp() {
      tool.cleanUp();
      if (index < tools.length - 1) return;
      call('umount', tree);
      rmSync(directory, { recursive: true, force: true });
    },
  }));
}
