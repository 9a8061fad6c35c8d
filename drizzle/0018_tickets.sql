CREATE TABLE "outage_hosts" (
	"outage_id" uuid NOT NULL,
	"host_id" uuid NOT NULL,
	"silent_host_id" uuid,
	CONSTRAINT "outage_hosts_outage_id_host_id_pk" PRIMARY KEY("outage_id","host_id")
);
--> statement-breakpoint
CREATE TABLE "outage_tenants" (
	"outage_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"containers" integer NOT NULL,
	CONSTRAINT "outage_tenants_outage_id_tenant_id_pk" PRIMARY KEY("outage_id","tenant_id")
);
--> statement-breakpoint
CREATE TABLE "outages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"title" text NOT NULL,
	"updates" jsonb NOT NULL,
	"report" text,
	"declared_by_name" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"told_updates" integer DEFAULT 0 NOT NULL,
	"told_end_at" timestamp (3) with time zone,
	CONSTRAINT "outages_kind" CHECK ("outages"."kind" in ('declared', 'silent')),
	CONSTRAINT "outages_report" CHECK (("outages"."ended_at" is null) = ("outages"."report" is null))
);
--> statement-breakpoint
CREATE TABLE "access_consents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ticket_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"container_id" uuid NOT NULL,
	"staff_id" uuid NOT NULL,
	"staff_name" text NOT NULL,
	"scopes" text[] NOT NULL,
	"minutes" integer NOT NULL,
	"reason" text NOT NULL,
	"emergency" boolean DEFAULT false NOT NULL,
	"approvals" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"asked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"granted_at" timestamp (3) with time zone,
	"granted_by_id" uuid,
	"granted_by_name" text,
	"expires_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"ended_by_name" text,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "access_consents_scopes" CHECK (cardinality("access_consents"."scopes") > 0),
	CONSTRAINT "access_consents_granted" CHECK (("access_consents"."granted_at" is null) = ("access_consents"."expires_at" is null))
);
--> statement-breakpoint
CREATE TABLE "ticket_attachments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ticket_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"audience" text NOT NULL,
	"author_name" text NOT NULL,
	"name" text NOT NULL,
	"type" text NOT NULL,
	"bytes" integer NOT NULL,
	"content" "bytea" NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "ticket_attachments_bytes" CHECK ("ticket_attachments"."bytes" <= 5242880 and octet_length("ticket_attachments"."content") = "ticket_attachments"."bytes"),
	CONSTRAINT "ticket_attachments_audience" CHECK ("ticket_attachments"."audience" in ('all', 'reseller', 'provider'))
);
--> statement-breakpoint
CREATE TABLE "ticket_messages" (
	"id" uuid PRIMARY KEY NOT NULL,
	"ticket_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"audience" text NOT NULL,
	"kind" text NOT NULL,
	"side" text NOT NULL,
	"author_id" uuid,
	"author_name" text NOT NULL,
	"body" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"notified_at" timestamp (3) with time zone,
	CONSTRAINT "ticket_messages_audience" CHECK ("ticket_messages"."audience" in ('all', 'reseller', 'provider'))
);
--> statement-breakpoint
CREATE TABLE "tickets" (
	"id" uuid PRIMARY KEY NOT NULL,
	"number" bigserial NOT NULL,
	"tenant_id" uuid NOT NULL,
	"reseller_id" uuid,
	"container_id" uuid,
	"operation_id" uuid,
	"subject" text NOT NULL,
	"state" text DEFAULT 'open' NOT NULL,
	"level" text NOT NULL,
	"priority" text NOT NULL,
	"assignee_id" uuid,
	"assignee_name" text,
	"opened_by_id" uuid NOT NULL,
	"opened_by_name" text NOT NULL,
	"snapshot" jsonb,
	"action" jsonb,
	"action_words" text,
	"action_state" text,
	"action_operation_id" uuid,
	"decided_by_name" text,
	"decided_at" timestamp (3) with time zone,
	"decision_reason" text,
	"first_answer_due_at" timestamp (3) with time zone,
	"first_answered_at" timestamp (3) with time zone,
	"solve_due_at" timestamp (3) with time zone,
	"closed_at" timestamp (3) with time zone,
	"late_told_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tickets_state" CHECK ("tickets"."state" in ('open', 'waiting', 'closed')),
	CONSTRAINT "tickets_level" CHECK ("tickets"."level" in ('reseller', 'provider')),
	CONSTRAINT "tickets_priority" CHECK ("tickets"."priority" in ('low', 'normal', 'high', 'urgent')),
	CONSTRAINT "tickets_closed" CHECK (("tickets"."state" = 'closed') = ("tickets"."closed_at" is not null)),
	CONSTRAINT "tickets_action" CHECK (("tickets"."action" is null) = ("tickets"."action_state" is null))
);
--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "first_answer_minutes" integer;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "solve_minutes" integer;--> statement-breakpoint
ALTER TABLE "outage_hosts" ADD CONSTRAINT "outage_hosts_outage_id_outages_id_fk" FOREIGN KEY ("outage_id") REFERENCES "public"."outages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outage_hosts" ADD CONSTRAINT "outage_hosts_host_id_hosts_id_fk" FOREIGN KEY ("host_id") REFERENCES "public"."hosts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outage_tenants" ADD CONSTRAINT "outage_tenants_outage_id_outages_id_fk" FOREIGN KEY ("outage_id") REFERENCES "public"."outages"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "outage_tenants" ADD CONSTRAINT "outage_tenants_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_consents" ADD CONSTRAINT "access_consents_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_consents" ADD CONSTRAINT "access_consents_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "access_consents" ADD CONSTRAINT "access_consents_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_attachments" ADD CONSTRAINT "ticket_attachments_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ticket_messages" ADD CONSTRAINT "ticket_messages_ticket_id_tickets_id_fk" FOREIGN KEY ("ticket_id") REFERENCES "public"."tickets"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tickets" ADD CONSTRAINT "tickets_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "outage_hosts_one_silence" ON "outage_hosts" USING btree ("silent_host_id") WHERE "outage_hosts"."silent_host_id" is not null;--> statement-breakpoint
CREATE INDEX "outage_tenants_tenant" ON "outage_tenants" USING btree ("tenant_id");--> statement-breakpoint
CREATE INDEX "outages_newest" ON "outages" USING btree ("started_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "outages_open" ON "outages" USING btree ("started_at") WHERE "outages"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "access_consents_staff" ON "access_consents" USING btree ("staff_id") WHERE "access_consents"."granted_at" is not null and "access_consents"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "access_consents_container" ON "access_consents" USING btree ("container_id","asked_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "access_consents_ticket" ON "access_consents" USING btree ("ticket_id");--> statement-breakpoint
CREATE INDEX "ticket_attachments_ticket" ON "ticket_attachments" USING btree ("ticket_id","created_at");--> statement-breakpoint
CREATE INDEX "ticket_messages_ticket" ON "ticket_messages" USING btree ("ticket_id","created_at");--> statement-breakpoint
CREATE INDEX "ticket_messages_untold" ON "ticket_messages" USING btree ("created_at") WHERE "ticket_messages"."notified_at" is null;--> statement-breakpoint
CREATE INDEX "tickets_newest" ON "tickets" USING btree ("updated_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "tickets_tenant" ON "tickets" USING btree ("tenant_id","updated_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "tickets_container" ON "tickets" USING btree ("container_id");--> statement-breakpoint
CREATE INDEX "tickets_operation" ON "tickets" USING btree ("operation_id");--> statement-breakpoint
CREATE INDEX "tickets_due" ON "tickets" USING btree ("created_at") WHERE "tickets"."state" <> 'closed' and "tickets"."late_told_at" is null;--> statement-breakpoint
-- Of which tenants whoever asks is staff: a reseller's people, who may read what their like noted.
CREATE FUNCTION berth_staff_of() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(current_setting('berth.actor_scope', true), '') = 'tenant'
    THEN string_to_array(coalesce(current_setting('berth.actor_staff', true), ''), ',')::uuid[]
    ELSE '{}'::uuid[] END
$$;
--> statement-breakpoint
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['tickets', 'ticket_messages', 'ticket_attachments', 'access_consents', 'outages', 'outage_hosts', 'outage_tenants'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['tickets', 'access_consents'] LOOP
    EXECUTE format('CREATE POLICY scope ON %I FOR ALL USING ((SELECT berth_sees_all())
      OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]) OR container_id = ANY ((SELECT berth_containers())::uuid[]))', t);
  END LOOP;
  -- An internal note is nobody's of the tenant, whatever a verb forgets.
  FOREACH t IN ARRAY ARRAY['ticket_messages', 'ticket_attachments'] LOOP
    EXECUTE format('CREATE POLICY scope ON %I FOR ALL USING ((SELECT berth_sees_all())
      OR (audience = ''all'' AND EXISTS (SELECT FROM tickets WHERE tickets.id = ticket_id))
      OR (audience = ''reseller'' AND tenant_id = ANY ((SELECT berth_staff_of())::uuid[])))', t);
  END LOOP;
END $$;
--> statement-breakpoint
CREATE POLICY scope ON outage_tenants FOR SELECT USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[])
  OR tenant_id = ANY ((SELECT berth_part_tenants())::uuid[]));
--> statement-breakpoint
CREATE POLICY scope ON outages FOR SELECT USING ((SELECT berth_sees_all())
  OR EXISTS (SELECT FROM outage_tenants WHERE outage_tenants.outage_id = id));
--> statement-breakpoint
CREATE POLICY scope ON outage_hosts FOR SELECT USING ((SELECT berth_sees_all()));
--> statement-breakpoint
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['outages', 'outage_hosts', 'outage_tenants'] LOOP
    EXECUTE format('CREATE POLICY write ON %I FOR ALL USING ((SELECT berth_sees_all()))', t);
  END LOOP;
END $$;
--> statement-breakpoint
-- A message stands as it was written; only that it was told of is noted. Files are neither changed nor deleted.
GRANT SELECT, INSERT, UPDATE ON tickets, access_consents TO berth_web;
--> statement-breakpoint
GRANT SELECT, INSERT ON ticket_messages, ticket_attachments TO berth_web;
--> statement-breakpoint
GRANT SELECT, UPDATE ON tickets TO berth_worker;
--> statement-breakpoint
GRANT SELECT, UPDATE (last_used_at) ON access_consents TO berth_worker;
--> statement-breakpoint
GRANT SELECT, UPDATE (notified_at) ON ticket_messages TO berth_worker;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE tickets_number_seq TO berth_web;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON outages, outage_hosts, outage_tenants TO berth_web, berth_worker;
