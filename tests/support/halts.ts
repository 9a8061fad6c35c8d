/**
 * Places at which an operation stands still, so that its worker can be killed or stopped exactly there. They are triggers in
 * the test's database; the product knows nothing of them. `before <step>`: nothing of the step has happened yet. `after
 * <name>`: what `<name>` (a step, or begin, undoing…, undo…, finish) does has happened, and the workflow engine is about to
 * remember it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';

const lockClass = 4711;

const setUp = `
create table halts (operation_id uuid, point text, primary key (operation_id, point));
create table ends (operation_id uuid, state text, at timestamptz default clock_timestamp());
create function halt(operation uuid, at_point text) returns void language plpgsql security definer as $$
begin
  if exists (select from public.halts h where h.operation_id = operation and h.point = at_point) then
    perform pg_advisory_xact_lock_shared(${lockClass}, hashtext(operation::text));
  end if;
end $$;
create function halt_before() returns trigger language plpgsql as $$
declare i int;
begin
  for i in 0 .. jsonb_array_length(new.steps) - 1 loop
    if new.steps->i->>'state' = 'running' and old.steps->i->>'state' = 'pending' then
      perform public.halt(new.id, 'before ' || (new.steps->i->>'name'));
    end if;
  end loop;
  return new;
end $$;
create trigger halt_before before update on operations for each row execute function halt_before();
create function halt_after() returns trigger language plpgsql as $$
begin
  perform public.halt(split_part(new.workflow_uuid, '.', 1)::uuid, 'after ' || new.function_name);
  return new;
end $$;
create trigger halt_after before insert on dbos.operation_outputs for each row execute function halt_after();
create function note_end() returns trigger language plpgsql security definer as $$
begin
  if old.ended_at is null and new.ended_at is not null then
    insert into public.ends (operation_id, state) values (new.id, new.state);
  end if;
  return null;
end $$;
create trigger note_end after update on operations for each row execute function note_end();`;

export class Halts {
  readonly #client: pg.Client;

  private constructor(client: pg.Client) {
    this.#client = client;
  }

  static async install(superUrl: string): Promise<Halts> {
    const client = new pg.Client({ connectionString: superUrl });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(setUp);
    return new Halts(client);
  }

  /** From now on the operation stands still at the point, as often as it comes there. */
  async set(operationId: string, point: string): Promise<void> {
    await this.#client.query('select pg_advisory_lock($1, hashtext($2))', [lockClass, operationId]);
    await this.#client.query('insert into halts values ($1, $2)', [operationId, point]);
  }

  /** It stands still there instead of where it did. */
  async move(operationId: string, point: string): Promise<void> {
    await this.#client.query('update halts set point = $2 where operation_id = $1', [operationId, point]);
  }

  /** Waits until the operations stand at their points. */
  async reached(operationIds: readonly string[], timeoutMs = 60_000): Promise<void> {
    const missing = async () => {
      const { rows } = await this.#client.query(
        `select id from unnest($2::text[]) id where not exists (select from pg_locks where locktype = 'advisory'
         and classid = $1 and objid::bigint = hashtext(id)::bigint & 4294967295 and not granted)`,
        [lockClass, operationIds],
      );
      return rows.map((row) => row.id);
    };
    for (const end = Date.now() + timeoutMs; ; await sleep(50)) {
      const still = await missing();
      if (still.length === 0) return;
      if (Date.now() > end) throw new Error(`not come to where they were to stand still: ${await this.#what(still)}`);
    }
  }

  async #what(operationIds: readonly string[]): Promise<string> {
    const { rows } = await this.#client.query(
      `select o.id, o.kind, o.state, o.steps, h.point, w.status, w.executor_id from operations o
       join halts h on h.operation_id = o.id left join dbos.workflow_status w on w.workflow_uuid = o.id || '.' || o.attempt
       where o.id = any ($1)`,
      [operationIds],
    );
    return JSON.stringify(rows, null, 1);
  }

  /** Ends the sessions that stand still, as the end of their worker does sooner or later. */
  async cut(): Promise<void> {
    await this.#client.query(
      `select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and classid = $1 and not granted`,
      [lockClass],
    );
  }

  /** Everybody goes on, and nobody stands still any more. */
  async lift(): Promise<void> {
    await this.#client.query('delete from halts');
    await this.#client.query('select pg_advisory_unlock_all()');
  }

  /** How often each operation has ended, and how. */
  async ends(operationId: string): Promise<string[]> {
    const { rows } = await this.#client.query('select state from ends where operation_id = $1', [operationId]);
    return rows.map((row) => row.state);
  }

  async close(): Promise<void> {
    await this.#client.end();
  }
}
