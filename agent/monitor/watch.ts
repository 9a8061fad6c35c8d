import { type FSWatcher, watch } from 'node:fs';

/** How often a directory is read again in case its watch failed or lost an event (the host's inotify instances are few). */
const pollMs = 2000;

/**
 * Tells when a directory may have changed: at once where the kernel's watch works, every two seconds in any case. Keeps no
 * process alive.
 */
export function watchDirectory(directory: string, changed: () => void): { close(): void } {
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(directory, { persistent: false }, () => changed());
    watcher.on('error', () => watcher?.close());
  } catch {
    // no inotify instance left: polling alone
  }
  const timer = setInterval(changed, pollMs);
  timer.unref();
  return {
    close() {
      watcher?.close();
      clearInterval(timer);
    },
  };
}
