CREATE TABLE "snapshots" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"container_id" uuid NOT NULL,
	"operation_id" uuid NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"bytes" bigint,
	"freeze_ms" real,
	"template_id" uuid NOT NULL,
	"actor_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "snapshots_kind" CHECK ("snapshots"."kind" in ('manual', 'automatic')),
	CONSTRAINT "snapshots_state" CHECK ("snapshots"."state" in ('making', 'present', 'deleting', 'deleted', 'failed'))
);
--> statement-breakpoint
ALTER TABLE "retained_volumes" DROP CONSTRAINT "retained_volumes_reason";--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "max_snapshots" integer DEFAULT 3 NOT NULL;--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "snapshots_container" ON "snapshots" USING btree ("container_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "snapshots_operation" ON "snapshots" USING btree ("operation_id");--> statement-breakpoint
ALTER TABLE "retained_volumes" ADD CONSTRAINT "retained_volumes_reason" CHECK ("retained_volumes"."reason" in ('restore', 'reinstall', 'rollback', 'undo'));--> statement-breakpoint
ALTER TABLE snapshots ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE snapshots FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON snapshots FOR ALL USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON snapshots TO berth_web, berth_worker;
