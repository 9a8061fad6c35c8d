import pg from 'pg';
import type { SetupContext } from '../context.ts';
import { databaseUrl, readMaster } from '../secrets.ts';
import { type Check, fine, verdict } from './check.ts';

/** How many mails are late (a quarter of an hour), since when the first waits, and how many were given up within a week. */
type Outbox = { late: number; since: Date | null; given_up: number; error: string | null };

/** That what the panel writes to people leaves it: who is invited or has forgotten a password waits for it. */
export async function mail(context: SetupContext): Promise<Check> {
  const { smtp, demo } = context.config;
  const about = { id: 'mail', why: 'New people get in by a link in a mail, and warnings reach nobody without.' };
  const found = await look(databaseUrl(context, 'owner', await readMaster(context)));
  if (smtp === undefined && demo) return fine(about, 'no mail server is named, which a demonstration needs none of');
  const none = smtp === undefined ? ', and no mail server is named' : '';
  const faults = [
    ...(found.late === 0
      ? []
      : [`mails that wait: ${found.late}, the first since ${found.since?.toISOString()}${none}${errorOf(found)}`]),
    ...(found.given_up === 0 ? [] : [`mails given up within the last week: ${found.given_up}${errorOf(found)}`]),
  ];
  const mend = smtp === undefined ? 'Name one in config.json' : 'Correct "smtp" in config.json, or its server';
  return verdict(about, faults, `nothing waits${none}`, `${mend} (docs/operating.md, "Mail"), then run "./berth up".`);
}

const errorOf = ({ error }: Outbox): string => (error === null ? '' : ` (${error})`);

async function look(url: string): Promise<Outbox> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    const late = `sent_at is null and failed_at is null and created_at < now() - interval '15 minutes'`;
    const { rows } = await client.query<Outbox>(
      `select count(*) filter (where ${late})::int as late, min(created_at) filter (where ${late}) as since,
        count(*) filter (where failed_at > now() - interval '7 days')::int as given_up,
        (array_agg(last_error order by next_attempt_at desc) filter (where last_error is not null and sent_at is null))[1] as error
      from outbox`,
    );
    return rows[0] ?? { late: 0, since: null, given_up: 0, error: null };
  } finally {
    await client.end();
  }
}
