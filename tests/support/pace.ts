/**
 * How many times slower than a usual machine this one is, as `BERTH_SLOW` says: an emulated guest is 10. Waiting for states is given that
 * much more time; bounds on durations that are a promise are not checked on a machine that is slow by design.
 */
export const slow = Number(process.env.BERTH_SLOW ?? 1);
export const emulated = slow > 1;
