import type { TreeEntry } from '#agent/sys/tree.ts';
import type { TemplateRef } from '#lib/contract/templates.ts';

/** A template as data: what goes into its layer. Building it is build.ts's business. */
export type TemplateDefinition = {
  name: string;
  title: string;
  init: TemplateRef['init'];
  /** Containers of it answer on port 22. */
  sshServer: boolean;
  /** First part of the version; the second is the beginning of the layer's digest. */
  release: string;
  base:
    | {
        kind: 'busybox';
        /** Debian package with a statically linked busybox at /bin/busybox. */
        package: string;
      }
    | {
        kind: 'debian';
        suite: string;
        /** Beside the essential ones and apt. */
        packages: readonly string[];
        /** Paths below the root, emptied or removed after installation; `dir/*` empties a directory. */
        strip: readonly string[];
        /** systemd units that have no place in a container, or need what it has not. */
        mask: readonly string[];
        enable: readonly string[];
      };
  files: readonly TreeEntry[];
};

/**
 * The instant templates pretend to be built at (2025-01-01): newer files get it as modification time, programs that honour
 * SOURCE_DATE_EPOCH write it.
 */
export const sourceDateEpoch = 1_735_689_600;
