/** A time for readers whose zone is not known, to the minute: `2026-11-25 22:19 UTC`. */
export function utcMinute(at: Date | string): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
