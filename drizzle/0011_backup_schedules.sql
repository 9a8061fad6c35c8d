CREATE TABLE "backup_schedules" (
	"container_id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"enabled" boolean NOT NULL,
	"every" text NOT NULL,
	"time" text NOT NULL,
	"weekday" integer NOT NULL,
	"month_day" integer NOT NULL,
	"zone" text NOT NULL,
	"keep" jsonb NOT NULL,
	"next_run_at" timestamp (3) with time zone,
	"last_run_at" timestamp (3) with time zone,
	"pending_operation_id" uuid,
	"failures" integer DEFAULT 0 NOT NULL,
	"problem" text,
	CONSTRAINT "backup_schedules_every" CHECK ("backup_schedules"."every" in ('hour', 'day', 'week', 'month')),
	CONSTRAINT "backup_schedules_next" CHECK (not "backup_schedules"."enabled" or "backup_schedules"."next_run_at" is not null)
);
--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "scheduled" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "backup_every" text DEFAULT 'hour';--> statement-breakpoint
ALTER TABLE "backup_schedules" ADD CONSTRAINT "backup_schedules_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backup_schedules" ADD CONSTRAINT "backup_schedules_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "backup_schedules_due" ON "backup_schedules" USING btree ("next_run_at") WHERE "backup_schedules"."enabled";--> statement-breakpoint
CREATE INDEX "backup_schedules_pending" ON "backup_schedules" USING btree ("pending_operation_id") WHERE "backup_schedules"."pending_operation_id" is not null;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_backup_every" CHECK ("plans"."backup_every" in ('hour', 'day', 'week', 'month'));--> statement-breakpoint
ALTER TABLE backup_schedules ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE backup_schedules FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON backup_schedules FOR ALL USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON backup_schedules TO berth_web, berth_worker;
