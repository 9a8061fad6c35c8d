CREATE TABLE "imports" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"host_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"size_bytes" bigint NOT NULL,
	"received_bytes" bigint DEFAULT 0 NOT NULL,
	"actor_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"operation_id" uuid,
	CONSTRAINT "imports_received" CHECK ("imports"."received_bytes" between 0 and "imports"."size_bytes")
);
--> statement-breakpoint
ALTER TABLE "templates" DROP CONSTRAINT "templates_init";--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_host_id_hosts_id_fk" FOREIGN KEY ("host_id") REFERENCES "public"."hosts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "imports_tenant" ON "imports" USING btree ("tenant_id","expires_at");--> statement-breakpoint
ALTER TABLE "templates" ADD CONSTRAINT "templates_init" CHECK ("templates"."init" in ('systemd', 'busybox', 'sysvinit'));
--> statement-breakpoint
ALTER TABLE imports ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE imports FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON imports FOR ALL USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE (received_bytes, operation_id) ON imports TO berth_web;
--> statement-breakpoint
GRANT SELECT, UPDATE (operation_id) ON imports TO berth_worker;
