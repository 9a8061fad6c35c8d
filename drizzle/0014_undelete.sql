CREATE TABLE "restore_consents" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"backup_id" uuid NOT NULL,
	"container_id" uuid NOT NULL,
	"granted_by" uuid NOT NULL,
	"granted_by_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"used_at" timestamp (3) with time zone,
	"operation_id" uuid,
	CONSTRAINT "restore_consents_used" CHECK (("restore_consents"."used_at" is null) = ("restore_consents"."operation_id" is null))
);
--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "undelete_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "deleted_container_days" integer DEFAULT 14 NOT NULL;--> statement-breakpoint
ALTER TABLE "restore_consents" ADD CONSTRAINT "restore_consents_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "restore_consents" ADD CONSTRAINT "restore_consents_backup_id_backups_id_fk" FOREIGN KEY ("backup_id") REFERENCES "public"."backups"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "restore_consents_backup" ON "restore_consents" USING btree ("backup_id");--> statement-breakpoint
CREATE INDEX "containers_undelete" ON "containers" USING btree ("undelete_until") WHERE "containers"."undelete_until" is not null;--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_deleted_container_days" CHECK ("plans"."deleted_container_days" between 0 and 365);
--> statement-breakpoint
ALTER TABLE restore_consents ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE restore_consents FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON restore_consents FOR ALL USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
GRANT SELECT, INSERT ON restore_consents TO berth_web;
--> statement-breakpoint
-- What a consent is for and how long it lasts is never changed.
GRANT UPDATE (revoked_at, used_at, operation_id) ON restore_consents TO berth_web;
--> statement-breakpoint
GRANT SELECT, UPDATE (used_at, operation_id) ON restore_consents TO berth_worker;
