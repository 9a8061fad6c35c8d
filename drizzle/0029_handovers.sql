CREATE TABLE "handovers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"container_id" uuid NOT NULL,
	"container_name" text NOT NULL,
	"to_tenant_id" uuid,
	"to_words" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"state" text NOT NULL,
	"offered_by_id" uuid NOT NULL,
	"offered_by_name" text NOT NULL,
	"giver_id" uuid,
	"giver_name" text,
	"giver_at" timestamp (3) with time zone,
	"receiver_id" uuid,
	"receiver_name" text,
	"receiver_at" timestamp (3) with time zone,
	"operation_id" uuid,
	"left_id" uuid,
	"backup_asked" boolean DEFAULT false NOT NULL,
	"backup_tries" integer DEFAULT 0 NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "handovers_state" CHECK ("handovers"."state" in ('asked', 'open', 'moving', 'done', 'declined', 'withdrawn', 'expired')),
	CONSTRAINT "handovers_consents" CHECK ("handovers"."state" not in ('moving', 'done') or ("handovers"."giver_at" is not null and "handovers"."receiver_at" is not null)),
	CONSTRAINT "handovers_ended" CHECK (("handovers"."ended_at" is null) = ("handovers"."state" in ('asked', 'open', 'moving'))),
	CONSTRAINT "handovers_other" CHECK ("handovers"."to_tenant_id" <> "handovers"."tenant_id")
);
--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_to_tenant_id_tenants_id_fk" FOREIGN KEY ("to_tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "handovers" ADD CONSTRAINT "handovers_left_id_containers_id_fk" FOREIGN KEY ("left_id") REFERENCES "public"."containers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "handovers_one_open" ON "handovers" USING btree ("container_id") WHERE "handovers"."state" in ('asked', 'open', 'moving');--> statement-breakpoint
CREATE INDEX "handovers_giver" ON "handovers" USING btree ("tenant_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "handovers_receiver" ON "handovers" USING btree ("to_tenant_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "handovers_expire" ON "handovers" USING btree ("expires_at") WHERE "handovers"."state" in ('asked', 'open', 'moving');--> statement-breakpoint
CREATE INDEX "handovers_backup" ON "handovers" USING btree ("ended_at") WHERE "handovers"."state" = 'done' and not "handovers"."backup_asked";
--> statement-breakpoint
ALTER TABLE handovers ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE handovers FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- Seen from both sides; written by the portal itself, after it has judged who gives and who takes: no policy sees both accounts.
CREATE POLICY scope ON handovers FOR SELECT USING ((SELECT berth_sees_all())
  OR tenant_id = ANY ((SELECT berth_tenants())::uuid[])
  OR (to_tenant_id = ANY ((SELECT berth_tenants())::uuid[]) AND giver_at IS NOT NULL));
--> statement-breakpoint
CREATE POLICY write ON handovers FOR ALL USING ((SELECT berth_is_system()));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON handovers TO berth_web;
--> statement-breakpoint
GRANT SELECT, UPDATE ON handovers TO berth_worker;
--> statement-breakpoint
-- What is left with the giver hangs on a deleted container of the giver's from then on, and on no other.
GRANT UPDATE (container_id) ON assignments TO berth_worker;
--> statement-breakpoint
GRANT UPDATE (container_ids) ON api_tokens TO berth_worker;
--> statement-breakpoint
GRANT UPDATE (container_id, ended_at, ended_by_name) ON access_consents TO berth_worker;
--> statement-breakpoint
GRANT UPDATE (container_id, revoked_at) ON restore_consents TO berth_worker;
--> statement-breakpoint
-- Whoever reaches single containers hears of them what their account is told, and nothing of an account that had them before.
DROP POLICY scope ON events;
--> statement-breakpoint
CREATE POLICY scope ON events FOR ALL USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[])
  OR (container_id = ANY ((SELECT berth_containers())::uuid[]) AND tenant_id = ANY ((SELECT berth_part_tenants())::uuid[])));
