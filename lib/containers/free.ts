import { sql } from 'drizzle-orm';

/** That host `h` answers, by its last word. */
export const hostAnswers = sql`h.status = 'ok' and h.last_seen_at > now() - interval '15 s'`;

/** That container `c` is on a host that answers. */
export const withinReach = sql`exists (select from hosts h where h.id = c.host_id and ${hostAnswers})`;

/** That container `c` is in nobody's hands; one that is stuck is in those of a person. */
export const inNobodysHands = sql`not exists (select from operations o where o.container_id = c.id and o.lock <> 'background'
  and o.state in ('queued', 'running', 'undoing', 'stuck'))`;
