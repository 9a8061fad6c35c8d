CREATE TABLE "invitations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"email" text NOT NULL,
	"grants" jsonb NOT NULL,
	"token_hash" text NOT NULL,
	"invited_by" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
ALTER TABLE "holds" ALTER COLUMN "container_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "held_desired" text;--> statement-breakpoint
ALTER TABLE "holds" ADD COLUMN "stop" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "holds" ADD COLUMN "placed_by" text;--> statement-breakpoint
ALTER TABLE "invitations" ADD CONSTRAINT "invitations_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_token" ON "invitations" USING btree ("token_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_open" ON "invitations" USING btree ("tenant_id","email") WHERE "invitations"."ended_at" is null;--> statement-breakpoint
CREATE INDEX "holds_live" ON "holds" USING btree ("tenant_id") WHERE "holds"."lifted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "holds_one_of_a_reason_on_a_tenant" ON "holds" USING btree ("tenant_id","reason") WHERE "holds"."lifted_at" is null and "holds"."container_id" is null;--> statement-breakpoint
ALTER TABLE "containers" ADD CONSTRAINT "containers_held_desired" CHECK ("containers"."held_desired" in ('running', 'stopped'));--> statement-breakpoint
ALTER TABLE invitations ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE invitations FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON invitations FOR SELECT USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
CREATE POLICY write ON invitations FOR ALL USING ((SELECT berth_is_system()));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON invitations TO berth_web;
--> statement-breakpoint
GRANT SELECT, DELETE ON invitations TO berth_worker;
--> statement-breakpoint
-- A hold on all of a tenant is known to whoever reaches a part of it.
CREATE POLICY part ON holds FOR SELECT USING (container_id IS NULL AND tenant_id = ANY ((SELECT berth_part_tenants())::uuid[]));
