/**
 * Components that are drawn to text again and again and remember their state in between, as they would in a browser. In the test file:
 * `vi.mock('react', async (react) => (await import('…/remember.ts')).remembering(await react<object>()))`, and `again()` before each drawing.
 */
const cells: unknown[] = [];
let next = 0;

/** States are told apart by their order, which has to be the same in each drawing. */
export function remembering(react: object): object {
  const useState = (first: unknown) => {
    const at = next;
    next += 1;
    if (!(at in cells)) cells[at] = typeof first === 'function' ? first() : first;
    const set = (value: unknown) => {
      cells[at] = typeof value === 'function' ? value(cells[at]) : value;
    };
    return [cells[at], set];
  };
  return { ...react, useState };
}

export function again(): void {
  next = 0;
}

export function forget(): void {
  cells.length = 0;
}
