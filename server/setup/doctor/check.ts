import type { SetupContext } from '../context.ts';

/** What mends a fault. `apply` is safe: it loses nothing, stops no container, and may be repeated. */
export type Fix = {
  /** The same by hand, for whoever wants to see or do it. */
  command: string;
  apply(): Promise<unknown>;
};

/** One thing looked at: what was found, why it matters, how it is mended. */
export type Check = {
  /** Stable, for scripts: `pool`, `certificate-worker`. */
  id: string;
  ok: boolean;
  found: string;
  why: string;
  /** In words; null where nothing is wrong. */
  mend: string | null;
  /** Only where mending is safe without a person who looks first. */
  fix: Fix | null;
};

/** Looks at one matter of an installation; may give several checks of one kind. */
export type Examiner = (context: SetupContext) => Promise<Check | Check[]>;

type About = { id: string; why: string };

export const fine = (about: About, found: string): Check => ({ ...about, ok: true, found, mend: null, fix: null });

export const wrong = (about: About, found: string, mend: string, fix: Fix | null = null): Check => ({
  ...about,
  ok: false,
  found,
  mend,
  fix,
});

/** One or the other, by whether anything of `faults` is wrong. */
export function verdict(
  about: About,
  faults: readonly string[],
  whole: string,
  mend: string,
  fix: Fix | null = null,
): Check {
  return faults.length === 0 ? fine(about, whole) : wrong(about, faults.join('; '), mend, fix);
}

/** The checks of an examiner; one that cannot look is a fault of its own and keeps the others from nothing. */
export async function examined(about: About, look: () => Promise<Check | Check[]>): Promise<Check[]> {
  try {
    return [await look()].flat();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return [wrong(about, `cannot be looked at: ${reason}`, 'Mend what is named, then run "./berth doctor" again.')];
  }
}
