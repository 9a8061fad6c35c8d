ALTER TABLE "backups" DROP CONSTRAINT "backups_state";--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "name" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "protected" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "frees_bytes" bigint;--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "frees_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "counted_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "removed_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "purge_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "at_backup_limit" text DEFAULT 'refuse' NOT NULL;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "deleted_backup_days" integer;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "backup_bytes" bigint;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "backup_bytes_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "max_backup_bytes" bigint;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "deleted_backup_days" integer DEFAULT 7 NOT NULL;--> statement-breakpoint
CREATE INDEX "backups_purge" ON "backups" USING btree ("purge_at") WHERE "backups"."state" = 'removed';--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_removed" CHECK (("backups"."state" = 'removed') <= ("backups"."removed_at" is not null and "backups"."purge_at" is not null));--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_state" CHECK ("backups"."state" in ('running', 'complete', 'failed', 'removed', 'deleting', 'deleted'));--> statement-breakpoint
ALTER TABLE "containers" ADD CONSTRAINT "containers_at_backup_limit" CHECK ("containers"."at_backup_limit" in ('refuse', 'rotate'));--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_deleted_backup_days" CHECK ("plans"."deleted_backup_days" between 0 and 365);