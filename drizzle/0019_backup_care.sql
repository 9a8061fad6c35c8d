CREATE TABLE "backup_care" (
	"container_id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"test_every" text DEFAULT 'month' NOT NULL,
	"probe" jsonb,
	"commands" jsonb,
	"next_test_at" timestamp (3) with time zone,
	"failures" integer DEFAULT 0 NOT NULL,
	"problem" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "backup_care_every" CHECK ("backup_care"."test_every" in ('never', 'week', 'month'))
);
--> statement-breakpoint
CREATE TABLE "backup_tests" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"container_id" uuid NOT NULL,
	"backup_id" uuid NOT NULL,
	"passed" boolean NOT NULL,
	"tested_at" timestamp (3) with time zone NOT NULL,
	"report" jsonb NOT NULL,
	"told_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "repository_checks" (
	"repository_id" uuid NOT NULL,
	"host_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"next_part" integer DEFAULT 1 NOT NULL,
	"next_at" timestamp (3) with time zone NOT NULL,
	"last_at" timestamp (3) with time zone,
	"round_started_at" timestamp (3) with time zone,
	"round_ended_at" timestamp (3) with time zone,
	"problem" text,
	"found" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"layers_lost" jsonb DEFAULT '[]'::jsonb NOT NULL,
	CONSTRAINT "repository_checks_repository_id_host_id_pk" PRIMARY KEY("repository_id","host_id"),
	CONSTRAINT "repository_checks_part" CHECK ("repository_checks"."next_part" >= 1)
);
--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "commands" jsonb;--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "health" text DEFAULT 'unchecked' NOT NULL;--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "health_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "missing" jsonb;--> statement-breakpoint
ALTER TABLE "backups" ADD COLUMN "damage_told_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "backup_care" ADD CONSTRAINT "backup_care_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backup_care" ADD CONSTRAINT "backup_care_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backup_tests" ADD CONSTRAINT "backup_tests_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backup_tests" ADD CONSTRAINT "backup_tests_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backup_tests" ADD CONSTRAINT "backup_tests_backup_id_backups_id_fk" FOREIGN KEY ("backup_id") REFERENCES "public"."backups"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repository_checks" ADD CONSTRAINT "repository_checks_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repository_checks" ADD CONSTRAINT "repository_checks_host_id_hosts_id_fk" FOREIGN KEY ("host_id") REFERENCES "public"."hosts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repository_checks" ADD CONSTRAINT "repository_checks_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "backup_care_due" ON "backup_care" USING btree ("next_test_at") WHERE "backup_care"."test_every" <> 'never';--> statement-breakpoint
CREATE INDEX "backup_tests_backup" ON "backup_tests" USING btree ("backup_id","tested_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "backup_tests_container" ON "backup_tests" USING btree ("container_id","tested_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "backup_tests_untold" ON "backup_tests" USING btree ("tested_at") WHERE not "backup_tests"."passed" and "backup_tests"."told_at" is null;--> statement-breakpoint
CREATE INDEX "repository_checks_due" ON "repository_checks" USING btree ("next_at");--> statement-breakpoint
CREATE INDEX "backups_damaged" ON "backups" USING btree ("repository_id") WHERE "backups"."health" = 'damaged';--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_health" CHECK ("backups"."health" in ('whole', 'damaged', 'unchecked'));--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_health_at" CHECK ("backups"."health" = 'unchecked' or "backups"."health_at" is not null);
--> statement-breakpoint
-- What was read back when it was made is whole since then. The owner is bound by the policy too, for this moment not.
ALTER TABLE backups NO FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
UPDATE backups SET health = 'whole', health_at = verified_at WHERE verified_at IS NOT NULL;
--> statement-breakpoint
ALTER TABLE backups FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE repository_checks ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE repository_checks FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON repository_checks FOR ALL USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
-- Where the backups of one container lie is where its tenant's do.
CREATE POLICY part ON repository_checks FOR SELECT USING (tenant_id = ANY ((SELECT berth_part_tenants())::uuid[]));
--> statement-breakpoint
GRANT SELECT ON repository_checks TO berth_web;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON repository_checks TO berth_worker;
--> statement-breakpoint
ALTER TABLE backup_care ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE backup_care FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON backup_care FOR ALL USING ((SELECT berth_sees_all())
  OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]) OR container_id = ANY ((SELECT berth_containers())::uuid[]));
--> statement-breakpoint
ALTER TABLE backup_tests ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE backup_tests FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON backup_tests FOR ALL USING ((SELECT berth_sees_all())
  OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]) OR container_id = ANY ((SELECT berth_containers())::uuid[]));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON backup_care TO berth_web, berth_worker;
--> statement-breakpoint
GRANT SELECT ON backup_tests TO berth_web;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON backup_tests TO berth_worker;
