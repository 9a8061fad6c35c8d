CREATE TABLE "enrolments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"token_hash" text NOT NULL,
	"csr" text NOT NULL,
	"hostname" text NOT NULL,
	"address" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"answered_at" timestamp (3) with time zone,
	"result" jsonb,
	"refusal" jsonb
);
--> statement-breakpoint
CREATE TABLE "orphans" (
	"host_id" uuid NOT NULL,
	"container_id" uuid NOT NULL,
	"state" text DEFAULT 'orphaned' NOT NULL,
	"tenant_id" uuid NOT NULL,
	"template_id" uuid NOT NULL,
	"generation" integer NOT NULL,
	"power" text NOT NULL,
	"record" jsonb NOT NULL,
	"first_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "orphans_host_id_container_id_pk" PRIMARY KEY("host_id","container_id"),
	CONSTRAINT "orphans_state" CHECK ("orphans"."state" in ('orphaned', 'ignored'))
);
--> statement-breakpoint
ALTER TABLE "enroll_tokens" ADD COLUMN "rejoin" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "hosts" ADD COLUMN "records_wanted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "orphans" ADD CONSTRAINT "orphans_host_id_hosts_id_fk" FOREIGN KEY ("host_id") REFERENCES "public"."hosts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "enrolments_waiting" ON "enrolments" USING btree ("created_at") WHERE "enrolments"."answered_at" is null;--> statement-breakpoint
-- Containers that only their host knows are the provider's to decide about.
ALTER TABLE orphans ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE orphans FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY provider ON orphans FOR ALL USING ((SELECT berth_sees_all()));
--> statement-breakpoint
GRANT SELECT, UPDATE, DELETE ON orphans TO berth_web, berth_worker;
--> statement-breakpoint
GRANT INSERT ON orphans TO berth_worker;
--> statement-breakpoint
GRANT INSERT, DELETE ON port_forwards TO berth_worker;
--> statement-breakpoint
-- The worker alone has the authority's key and admits hosts; the web passes the request on and waits for the answer.
GRANT SELECT, INSERT ON enrolments TO berth_web;
--> statement-breakpoint
GRANT SELECT, UPDATE, DELETE ON enrolments TO berth_worker;
--> statement-breakpoint
GRANT SELECT, UPDATE, DELETE ON enroll_tokens TO berth_worker;
--> statement-breakpoint
GRANT INSERT ON hosts TO berth_worker;
--> statement-breakpoint
REVOKE INSERT, UPDATE ON hosts FROM berth_web;
--> statement-breakpoint
REVOKE UPDATE ON enroll_tokens FROM berth_web;
--> statement-breakpoint
-- A web process that was taken over must not let itself be taken for a host that is known.
CREATE FUNCTION berth_web_admits_new_hosts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'berth_web' AND NEW.rejoin THEN
    RAISE EXCEPTION 'a host that is known joins again by a token from set-up';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER admits_new_hosts BEFORE INSERT OR UPDATE ON enroll_tokens FOR EACH ROW
  EXECUTE FUNCTION berth_web_admits_new_hosts();
