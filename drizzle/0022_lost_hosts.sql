CREATE TABLE "lost_copies" (
	"host_id" uuid NOT NULL,
	"container_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"generation" integer NOT NULL,
	"by_name" text NOT NULL,
	"asked_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"gone_at" timestamp (3) with time zone,
	"told_at" timestamp (3) with time zone,
	"stopped_at" timestamp (3) with time zone,
	"missing_at" timestamp (3) with time zone,
	CONSTRAINT "lost_copies_host_id_container_id_pk" PRIMARY KEY("host_id","container_id")
);
--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "lost_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "hosts" ADD COLUMN "lost_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "lost_copies" ADD CONSTRAINT "lost_copies_host_id_hosts_id_fk" FOREIGN KEY ("host_id") REFERENCES "public"."hosts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "lost_copies_container" ON "lost_copies" USING btree ("container_id");--> statement-breakpoint
CREATE INDEX "lost_copies_untold" ON "lost_copies" USING btree ("tenant_id") WHERE "lost_copies"."told_at" is null;
--> statement-breakpoint
-- What was written off is the provider's to know and to decide about; tenants see it on their containers.
ALTER TABLE lost_copies ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE lost_copies FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY provider ON lost_copies FOR ALL USING ((SELECT berth_sees_all()));
--> statement-breakpoint
-- The web says what is lost; the worker alone makes containers of it deleted ones, and sees to the host that comes back.
GRANT SELECT, INSERT, DELETE, UPDATE (generation, by_name, asked_at, gone_at, told_at, stopped_at, missing_at) ON lost_copies TO berth_web;
--> statement-breakpoint
GRANT SELECT, UPDATE ON lost_copies TO berth_worker;
--> statement-breakpoint
GRANT UPDATE (lost_at) ON hosts TO berth_web;
