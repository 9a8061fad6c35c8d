ALTER TABLE "backup_locations" DROP CONSTRAINT "backup_locations_kind";--> statement-breakpoint
ALTER TABLE "backups" DROP CONSTRAINT "backups_state";--> statement-breakpoint
DROP INDEX "backup_locations_name";--> statement-breakpoint
ALTER TABLE "backup_locations" ALTER COLUMN "path" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "backup_locations" ADD COLUMN "tenant_id" uuid;--> statement-breakpoint
ALTER TABLE "backup_locations" ADD COLUMN "url" text;--> statement-breakpoint
ALTER TABLE "backup_locations" ADD COLUMN "bucket" text;--> statement-breakpoint
ALTER TABLE "backup_locations" ADD COLUMN "prefix" text;--> statement-breakpoint
ALTER TABLE "backup_locations" ADD COLUMN "region" text;--> statement-breakpoint
ALTER TABLE "backup_locations" ADD COLUMN "append_only" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "backup_locations" ADD COLUMN "credentials_ref" uuid;--> statement-breakpoint
ALTER TABLE "backup_locations" ADD COLUMN "sealed_credentials" text;--> statement-breakpoint
ALTER TABLE "backup_locations" ADD COLUMN "removed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "location_id" uuid;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "location_id" uuid;--> statement-breakpoint
ALTER TABLE "backup_locations" ADD CONSTRAINT "backup_locations_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "backup_locations_tenant_name" ON "backup_locations" USING btree ("tenant_id","name") WHERE "backup_locations"."tenant_id" is not null and "backup_locations"."removed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "backup_locations_name" ON "backup_locations" USING btree ("name") WHERE "backup_locations"."tenant_id" is null and "backup_locations"."removed_at" is null;--> statement-breakpoint
ALTER TABLE "backup_locations" ADD CONSTRAINT "backup_locations_shape" CHECK (("backup_locations"."kind" = 'directory') = ("backup_locations"."url" is null));--> statement-breakpoint
ALTER TABLE "backup_locations" ADD CONSTRAINT "backup_locations_directory" CHECK ("backup_locations"."kind" <> 'directory' or ("backup_locations"."path" is not null and not "backup_locations"."offsite"));--> statement-breakpoint
ALTER TABLE "backup_locations" ADD CONSTRAINT "backup_locations_own" CHECK ("backup_locations"."tenant_id" is null or "backup_locations"."kind" <> 'directory');--> statement-breakpoint
ALTER TABLE "backup_locations" ADD CONSTRAINT "backup_locations_kind" CHECK ("backup_locations"."kind" in ('directory', 'rest', 's3'));--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_state" CHECK ("backups"."state" in ('running', 'complete', 'failed', 'removed', 'deleting', 'pending-prune', 'deleted'));
--> statement-breakpoint
ALTER TABLE plans ADD CONSTRAINT plans_location_fk FOREIGN KEY (location_id) REFERENCES backup_locations (id);
--> statement-breakpoint
ALTER TABLE containers ADD CONSTRAINT containers_location_fk FOREIGN KEY (location_id) REFERENCES backup_locations (id);
--> statement-breakpoint
CREATE INDEX containers_location ON containers (location_id) WHERE location_id IS NOT NULL;
--> statement-breakpoint
ALTER TABLE backup_locations ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE backup_locations FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- The provider's are there for everybody to be used; a tenant's for its own people. Each changes its own.
CREATE POLICY read ON backup_locations FOR SELECT
  USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[])
    OR tenant_id = ANY ((SELECT berth_part_tenants())::uuid[])
    OR (tenant_id IS NULL AND coalesce(current_setting('berth.actor_scope', true), 'none') <> 'none'));
--> statement-breakpoint
CREATE POLICY make ON backup_locations FOR INSERT
  WITH CHECK ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
CREATE POLICY change ON backup_locations FOR UPDATE
  USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
GRANT INSERT ON backup_locations TO berth_web;
--> statement-breakpoint
-- Where a location is stays as it was when its credentials were given: nobody who holds the web can have them sent elsewhere.
GRANT UPDATE (name, append_only, credentials_ref, removed_at) ON backup_locations TO berth_web;
--> statement-breakpoint
GRANT UPDATE (credentials_ref, sealed_credentials, offsite) ON backup_locations TO berth_worker;
--> statement-breakpoint
GRANT UPDATE (location_id) ON plans TO berth_web;
