CREATE TABLE "audit_log" (
	"id" uuid PRIMARY KEY NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" uuid,
	"actor_name" text NOT NULL,
	"verb" text NOT NULL,
	"outcome" text NOT NULL,
	"tenant_id" uuid,
	"target_kind" text NOT NULL,
	"target_id" text,
	"target_name" text,
	"address" text,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "audit_log_outcome" CHECK ("audit_log"."outcome" in ('allowed', 'denied', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "backup_locations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"kind" text NOT NULL,
	"path" text NOT NULL,
	"offsite" boolean NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "backup_locations_kind" CHECK ("backup_locations"."kind" in ('directory'))
);
--> statement-breakpoint
CREATE TABLE "backups" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"container_id" uuid NOT NULL,
	"repository_id" uuid NOT NULL,
	"operation_id" uuid NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"state" text NOT NULL,
	"restic_snapshot_id" text,
	"template" jsonb,
	"template_id" uuid,
	"resources" jsonb,
	"hostname" text,
	"files" integer,
	"bytes_total" bigint,
	"bytes_added" bigint,
	"freeze_ms" real,
	"verified_at" timestamp (3) with time zone,
	"actor_name" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "backups_state" CHECK ("backups"."state" in ('running', 'complete', 'failed', 'deleting', 'deleted')),
	CONSTRAINT "backups_complete" CHECK ("backups"."state" <> 'complete' or ("backups"."restic_snapshot_id" is not null and "backups"."template" is not null and "backups"."verified_at" is not null))
);
--> statement-breakpoint
CREATE TABLE "repositories" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"location_id" uuid NOT NULL,
	"sealed_password" text NOT NULL,
	"sealed_recovery_password" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "containers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"host_id" uuid NOT NULL,
	"plan_id" uuid NOT NULL,
	"template_id" uuid NOT NULL,
	"name" text NOT NULL,
	"hostname" text NOT NULL,
	"generation" integer DEFAULT 1 NOT NULL,
	"desired" text DEFAULT 'stopped' NOT NULL,
	"resources" jsonb NOT NULL,
	"volume_id" uuid NOT NULL,
	"ssh_keys" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"address" text,
	"id_base" bigint,
	"created_on_host_at" timestamp (3) with time zone,
	"observed_power" text,
	"observed_at" timestamp (3) with time zone,
	"observed_since" timestamp (3) with time zone,
	"observed_boot_id" text,
	"last_exit" jsonb,
	"usage" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp (3) with time zone,
	CONSTRAINT "containers_desired" CHECK ("containers"."desired" in ('running', 'stopped')),
	CONSTRAINT "containers_generation" CHECK ("containers"."generation" > 0)
);
--> statement-breakpoint
CREATE TABLE "holds" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"container_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"message" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"lifted_at" timestamp (3) with time zone,
	CONSTRAINT "holds_reason" CHECK ("holds"."reason" in ('billing', 'abuse', 'reseller', 'provider'))
);
--> statement-breakpoint
CREATE TABLE "port_forwards" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid NOT NULL,
	"container_id" uuid NOT NULL,
	"host_id" uuid NOT NULL,
	"protocol" text NOT NULL,
	"host_port" integer NOT NULL,
	"container_port" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "port_forwards_protocol" CHECK ("port_forwards"."protocol" in ('tcp', 'udp')),
	CONSTRAINT "port_forwards_ports" CHECK ("port_forwards"."host_port" between 1 and 65535 and "port_forwards"."container_port" between 1 and 65535)
);
--> statement-breakpoint
CREATE TABLE "events" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"xid" "xid8" DEFAULT pg_current_xact_id() NOT NULL,
	"tenant_id" uuid,
	"container_id" uuid,
	"operation_id" uuid,
	"type" text NOT NULL,
	"data" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "enroll_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"host_id" uuid
);
--> statement-breakpoint
CREATE TABLE "hosts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"address" text NOT NULL,
	"status" text NOT NULL,
	"last_seen_at" timestamp (3) with time zone,
	"boot_id" text,
	"clock_offset_ms" bigint,
	"info" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "hosts_status" CHECK ("hosts"."status" in ('enrolling', 'ok', 'disabled'))
);
--> statement-breakpoint
CREATE TABLE "operations" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"tenant_id" uuid,
	"container_id" uuid,
	"host_id" uuid,
	"state" text DEFAULT 'queued' NOT NULL,
	"lock" text NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"generation" integer,
	"input" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"steps" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"percent" real DEFAULT 0 NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" uuid,
	"actor_name" text NOT NULL,
	"cancel_requested" boolean DEFAULT false NOT NULL,
	"error" jsonb,
	"evidence" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"result" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"undo_of" uuid,
	"queued_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"workflow_enqueued_at" timestamp (3) with time zone,
	CONSTRAINT "operations_state" CHECK ("operations"."state" in ('queued', 'running', 'undoing', 'succeeded', 'failed', 'cancelled', 'stuck')),
	CONSTRAINT "operations_lock" CHECK ("operations"."lock" in ('exclusive', 'background', 'emergency')),
	CONSTRAINT "operations_ended" CHECK (("operations"."ended_at" is not null) = ("operations"."state" in ('succeeded', 'failed', 'cancelled')))
);
--> statement-breakpoint
CREATE TABLE "retained_volumes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"volume_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"container_id" uuid NOT NULL,
	"operation_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"bytes" bigint NOT NULL,
	"template_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"consumed_at" timestamp (3) with time zone,
	CONSTRAINT "retained_volumes_reason" CHECK ("retained_volumes"."reason" in ('restore', 'reinstall', 'undo'))
);
--> statement-breakpoint
CREATE TABLE "sealed_values" (
	"id" uuid PRIMARY KEY NOT NULL,
	"operation_id" uuid,
	"ciphertext" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "plans" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"resources" jsonb NOT NULL,
	"max_containers" integer,
	"max_backups" integer NOT NULL,
	"max_forwards" integer NOT NULL,
	"retention_hours" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "outbox" (
	"id" uuid PRIMARY KEY NOT NULL,
	"recipient" text NOT NULL,
	"subject" text NOT NULL,
	"body" text NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_error" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"sent_at" timestamp (3) with time zone,
	"failed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "service_heartbeats" (
	"name" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"beat_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" text NOT NULL,
	"detail" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp (3) with time zone,
	"expires_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "login_throttle" (
	"key" varchar(255) PRIMARY KEY NOT NULL,
	"points" integer DEFAULT 0 NOT NULL,
	"expire" bigint
);
--> statement-breakpoint
CREATE TABLE "login_tokens" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	CONSTRAINT "login_tokens_purpose" CHECK ("login_tokens"."purpose" in ('reset', 'first-login', 'setup'))
);
--> statement-breakpoint
CREATE TABLE "sessions" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"key_hash" text NOT NULL,
	"user_agent" text NOT NULL,
	"address" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "host_templates" (
	"host_id" uuid NOT NULL,
	"template_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "host_templates_host_id_template_id_pk" PRIMARY KEY("host_id","template_id")
);
--> statement-breakpoint
CREATE TABLE "templates" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"version" text NOT NULL,
	"title" text NOT NULL,
	"init" text NOT NULL,
	"layers" jsonb NOT NULL,
	"bytes" bigint NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "templates_init" CHECK ("templates"."init" in ('systemd', 'busybox'))
);
--> statement-breakpoint
CREATE TABLE "tenants" (
	"id" uuid PRIMARY KEY NOT NULL,
	"kind" text DEFAULT 'tenant' NOT NULL,
	"name" text NOT NULL,
	"reseller_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenants_kind" CHECK ("tenants"."kind" in ('reseller', 'tenant')),
	CONSTRAINT "tenants_one_level" CHECK ("tenants"."kind" = 'tenant' or "tenants"."reseller_id" is null)
);
--> statement-breakpoint
CREATE TABLE "users" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid,
	"email" text NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"password_hash" text,
	"disabled_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "users_role" CHECK ("users"."role" in ('provider-admin', 'support', 'reseller', 'tenant-owner', 'tenant-member')),
	CONSTRAINT "users_tenant_by_role" CHECK (("users"."role" in ('provider-admin', 'support')) = ("users"."tenant_id" is null))
);
--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_repository_id_repositories_id_fk" FOREIGN KEY ("repository_id") REFERENCES "public"."repositories"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "backups" ADD CONSTRAINT "backups_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repositories" ADD CONSTRAINT "repositories_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "repositories" ADD CONSTRAINT "repositories_location_id_backup_locations_id_fk" FOREIGN KEY ("location_id") REFERENCES "public"."backup_locations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "containers" ADD CONSTRAINT "containers_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "containers" ADD CONSTRAINT "containers_host_id_hosts_id_fk" FOREIGN KEY ("host_id") REFERENCES "public"."hosts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "containers" ADD CONSTRAINT "containers_plan_id_plans_id_fk" FOREIGN KEY ("plan_id") REFERENCES "public"."plans"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "containers" ADD CONSTRAINT "containers_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "holds" ADD CONSTRAINT "holds_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "port_forwards" ADD CONSTRAINT "port_forwards_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "port_forwards" ADD CONSTRAINT "port_forwards_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "port_forwards" ADD CONSTRAINT "port_forwards_host_id_hosts_id_fk" FOREIGN KEY ("host_id") REFERENCES "public"."hosts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "enroll_tokens" ADD CONSTRAINT "enroll_tokens_host_id_hosts_id_fk" FOREIGN KEY ("host_id") REFERENCES "public"."hosts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_host_id_hosts_id_fk" FOREIGN KEY ("host_id") REFERENCES "public"."hosts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "operations" ADD CONSTRAINT "operations_undo_of_operations_id_fk" FOREIGN KEY ("undo_of") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retained_volumes" ADD CONSTRAINT "retained_volumes_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retained_volumes" ADD CONSTRAINT "retained_volumes_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "retained_volumes" ADD CONSTRAINT "retained_volumes_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sealed_values" ADD CONSTRAINT "sealed_values_operation_id_operations_id_fk" FOREIGN KEY ("operation_id") REFERENCES "public"."operations"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "login_tokens" ADD CONSTRAINT "login_tokens_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "host_templates" ADD CONSTRAINT "host_templates_host_id_hosts_id_fk" FOREIGN KEY ("host_id") REFERENCES "public"."hosts"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "host_templates" ADD CONSTRAINT "host_templates_template_id_templates_id_fk" FOREIGN KEY ("template_id") REFERENCES "public"."templates"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tenants" ADD CONSTRAINT "tenants_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "audit_log_newest" ON "audit_log" USING btree ("at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "audit_log_tenant" ON "audit_log" USING btree ("tenant_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "backup_locations_name" ON "backup_locations" USING btree ("name");--> statement-breakpoint
CREATE INDEX "backups_container" ON "backups" USING btree ("container_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "backups_tenant" ON "backups" USING btree ("tenant_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "backups_operation" ON "backups" USING btree ("operation_id");--> statement-breakpoint
CREATE UNIQUE INDEX "repositories_tenant_location" ON "repositories" USING btree ("tenant_id","location_id");--> statement-breakpoint
CREATE UNIQUE INDEX "containers_name" ON "containers" USING btree ("tenant_id","name") WHERE "containers"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "containers_by_name" ON "containers" USING btree ("name","id") WHERE "containers"."deleted_at" is null;--> statement-breakpoint
CREATE INDEX "containers_host" ON "containers" USING btree ("host_id");--> statement-breakpoint
CREATE INDEX "containers_plan" ON "containers" USING btree ("plan_id");--> statement-breakpoint
CREATE UNIQUE INDEX "holds_one_of_a_reason" ON "holds" USING btree ("container_id","reason") WHERE "holds"."lifted_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "port_forwards_host_port" ON "port_forwards" USING btree ("host_id","protocol","host_port");--> statement-breakpoint
CREATE INDEX "port_forwards_container" ON "port_forwards" USING btree ("container_id");--> statement-breakpoint
CREATE INDEX "events_commit_order" ON "events" USING btree ("xid","id");--> statement-breakpoint
CREATE INDEX "events_at" ON "events" USING btree ("at");--> statement-breakpoint
CREATE UNIQUE INDEX "enroll_tokens_hash" ON "enroll_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "enroll_tokens_host" ON "enroll_tokens" USING btree ("host_id");--> statement-breakpoint
CREATE UNIQUE INDEX "hosts_name" ON "hosts" USING btree ("name");--> statement-breakpoint
CREATE UNIQUE INDEX "operations_one_exclusive" ON "operations" USING btree ("container_id") WHERE "operations"."lock" = 'exclusive' and "operations"."state" in ('queued', 'running', 'undoing', 'stuck');--> statement-breakpoint
CREATE INDEX "operations_newest" ON "operations" USING btree ("queued_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "operations_container" ON "operations" USING btree ("container_id","queued_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "operations_tenant" ON "operations" USING btree ("tenant_id","queued_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "operations_active" ON "operations" USING btree ("state") WHERE "operations"."state" in ('queued', 'running', 'undoing', 'stuck');--> statement-breakpoint
CREATE INDEX "operations_unqueued" ON "operations" USING btree ("queued_at") WHERE "operations"."workflow_enqueued_at" is null and "operations"."state" = 'queued';--> statement-breakpoint
CREATE UNIQUE INDEX "retained_volumes_volume" ON "retained_volumes" USING btree ("volume_id");--> statement-breakpoint
CREATE INDEX "retained_volumes_container" ON "retained_volumes" USING btree ("container_id") WHERE "retained_volumes"."consumed_at" is null;--> statement-breakpoint
CREATE INDEX "retained_volumes_expires" ON "retained_volumes" USING btree ("expires_at") WHERE "retained_volumes"."consumed_at" is null;--> statement-breakpoint
CREATE INDEX "sealed_values_operation" ON "sealed_values" USING btree ("operation_id");--> statement-breakpoint
CREATE INDEX "sealed_values_expires" ON "sealed_values" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "plans_name" ON "plans" USING btree (lower("name"));--> statement-breakpoint
CREATE INDEX "outbox_waiting" ON "outbox" USING btree ("next_attempt_at") WHERE "outbox"."sent_at" is null and "outbox"."failed_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_hash" ON "api_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "api_tokens_user" ON "api_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "login_tokens_hash" ON "login_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "login_tokens_user" ON "login_tokens" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_key" ON "sessions" USING btree ("key_hash");--> statement-breakpoint
CREATE INDEX "sessions_user" ON "sessions" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "templates_name_version" ON "templates" USING btree ("name","version");--> statement-breakpoint
CREATE INDEX "tenants_reseller" ON "tenants" USING btree ("reseller_id");--> statement-breakpoint
CREATE UNIQUE INDEX "users_email" ON "users" USING btree (lower("email"));--> statement-breakpoint
CREATE INDEX "users_tenant" ON "users" USING btree ("tenant_id");