/** With `./berth test --full`: all there is, hours of it. */
export const full = process.env.BERTH_FULL === '1';

/** With `./berth test --deep`, as the continuous integration runs it: also the files named `*.deep.*`. Every day: what fits in twenty minutes. */
export const deep = full || process.env.BERTH_DEEP === '1';
