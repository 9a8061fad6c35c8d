/** Times of one thing, in milliseconds, in the order in which they were measured. */
export type Series = { name: string; unit: 'ms' | 'requests/s' | 'MB'; values: number[] };

/** One line of the table: what, its figures, and beside what it is put. */
export type Row = {
  part: string;
  name: string;
  unit: string;
  p50: number;
  p95: number;
  count: number;
  /** p50 of the baseline of the same run, and how many times as much ours is. */
  baseline?: { name: string; p50: number; ratio: number };
  /** The bound the figure should keep; reported, never enforced. */
  target?: { text: string; met: boolean };
};

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  const at = Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1);
  return sorted[Math.max(0, at)] ?? Number.NaN;
}

export async function timed<T>(work: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const began = performance.now();
  const value = await work();
  return { ms: performance.now() - began, value };
}

const round = (value: number) => Math.round(value * 10) / 10;

export function row(
  part: string,
  name: string,
  values: readonly number[],
  more: {
    unit?: string;
    baseline?: { name: string; values: readonly number[] };
    /** `of` gives the figure that is held against the bound: the ratio, p50, … */
    target?: { text: string; of: (row: Row) => number; atMost: number };
  } = {},
): Row {
  const made: Row = {
    part,
    name,
    unit: more.unit ?? 'ms',
    p50: round(percentile(values, 0.5)),
    p95: round(percentile(values, 0.95)),
    count: values.length,
  };
  if (more.baseline !== undefined && more.baseline.values.length > 0) {
    const p50 = round(percentile(more.baseline.values, 0.5));
    made.baseline = { name: more.baseline.name, p50, ratio: Math.round((made.p50 / p50) * 100) / 100 };
  }
  if (more.target !== undefined) {
    made.target = { text: more.target.text, met: more.target.of(made) <= more.target.atMost };
  }
  return made;
}

/** The table as text. `before`: rows of an earlier run, shown beside. */
export function table(rows: readonly Row[], before: readonly Row[] = []): string {
  const cells = rows.map((one) => {
    const earlier = before.find((other) => other.part === one.part && other.name === one.name);
    return [
      one.part,
      one.name,
      `${one.p50}`,
      `${one.p95}`,
      one.unit,
      one.baseline === undefined ? '' : `${one.baseline.ratio}× ${one.baseline.name} (${one.baseline.p50})`,
      one.target === undefined ? '' : `${one.target.met ? 'met' : 'MISSED'}: ${one.target.text}`,
      earlier === undefined ? '' : `was ${earlier.p50}`,
    ];
  });
  const all = [['part', 'what', 'p50', 'p95', 'unit', 'beside', 'target', ''], ...cells];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((line) => line[column]?.length ?? 0))) ?? [];
  return all
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
