CREATE TABLE "assignments" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"role" text NOT NULL,
	"custom_role_id" uuid,
	"scope" text NOT NULL,
	"tenant_id" uuid,
	"labels" text[] DEFAULT '{}' NOT NULL,
	"container_id" uuid,
	"granted_by" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "assignments_scope" CHECK ("assignments"."scope" in ('installation', 'reseller', 'tenant', 'labels', 'container')),
	CONSTRAINT "assignments_tenant_by_scope" CHECK (("assignments"."scope" = 'installation') = ("assignments"."tenant_id" is null)),
	CONSTRAINT "assignments_container_by_scope" CHECK (("assignments"."scope" = 'container') = ("assignments"."container_id" is not null)),
	CONSTRAINT "assignments_labels_by_scope" CHECK (("assignments"."scope" = 'labels') = (cardinality("assignments"."labels") > 0))
);
--> statement-breakpoint
CREATE TABLE "roles" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid,
	"title" text NOT NULL,
	"about" text DEFAULT '' NOT NULL,
	"base" text NOT NULL,
	"permissions" text[] NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
ALTER TABLE "users" DROP CONSTRAINT "users_role";--> statement-breakpoint
ALTER TABLE "users" DROP CONSTRAINT "users_tenant_by_role";--> statement-breakpoint
ALTER TABLE "users" ALTER COLUMN "role" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "labels" text[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "verbs" text[];--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "container_ids" uuid[];--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "addresses" text[];--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "parent_id" uuid;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "made_by" uuid;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "kind" text DEFAULT 'person' NOT NULL;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_custom_role_id_roles_id_fk" FOREIGN KEY ("custom_role_id") REFERENCES "public"."roles"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "roles" ADD CONSTRAINT "roles_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assignments_user" ON "assignments" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "assignments_tenant" ON "assignments" USING btree ("tenant_id");--> statement-breakpoint
CREATE UNIQUE INDEX "roles_title" ON "roles" USING btree (coalesce("tenant_id", '00000000-0000-0000-0000-000000000000'),"title");--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_parent_id_api_tokens_id_fk" FOREIGN KEY ("parent_id") REFERENCES "public"."api_tokens"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "containers_labels" ON "containers" USING gin ("labels");--> statement-breakpoint
CREATE INDEX "api_tokens_parent" ON "api_tokens" USING btree ("parent_id") WHERE "api_tokens"."parent_id" is not null;--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_kind" CHECK ("users"."kind" in ('person', 'service'));--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_role" CHECK ("users"."role" in ('provider-admin', 'host-operator', 'support', 'auditor', 'reseller-owner', 'reseller-staff',
        'tenant-owner', 'tenant-operator', 'tenant-backup', 'tenant-viewer', 'tenant-billing',
        'reseller', 'tenant-member'));--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_tenant_by_role" CHECK ("users"."role" is null or ("users"."role" in ('provider-admin', 'host-operator', 'support', 'auditor')) = ("users"."tenant_id" is null));--> statement-breakpoint
-- Ids made by the database are of the kind that all are: version 7 (RFC 9562).
CREATE FUNCTION berth_uuid7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
    PLACING substring(int8send((extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6), 52, 1), 53, 1), 'hex')::uuid
$$;
--> statement-breakpoint
-- Whoever reaches single containers, and of which tenants a part, so that these may be known by name.
CREATE FUNCTION berth_containers() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(current_setting('berth.actor_scope', true), '') = 'tenant'
    THEN string_to_array(coalesce(current_setting('berth.actor_containers', true), ''), ',')::uuid[]
    ELSE '{}'::uuid[] END
$$;
--> statement-breakpoint
CREATE FUNCTION berth_part_tenants() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(current_setting('berth.actor_scope', true), '') = 'tenant'
    THEN string_to_array(coalesce(current_setting('berth.actor_parts', true), ''), ',')::uuid[]
    ELSE '{}'::uuid[] END
$$;
--> statement-breakpoint
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['holds', 'port_forwards', 'operations', 'retained_volumes', 'backups', 'snapshots', 'backup_schedules', 'events'] LOOP
    EXECUTE format('DROP POLICY scope ON %I', t);
    EXECUTE format('CREATE POLICY scope ON %I FOR ALL USING ((SELECT berth_sees_all())
      OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]) OR container_id = ANY ((SELECT berth_containers())::uuid[]))', t);
  END LOOP;
END $$;
--> statement-breakpoint
DROP POLICY scope ON containers;
--> statement-breakpoint
CREATE POLICY scope ON containers FOR ALL USING ((SELECT berth_sees_all())
  OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]) OR id = ANY ((SELECT berth_containers())::uuid[]));
--> statement-breakpoint
CREATE POLICY part ON tenants FOR SELECT USING (id = ANY ((SELECT berth_part_tenants())::uuid[]));
--> statement-breakpoint
-- A backup of one container goes where its tenant's go.
CREATE POLICY part ON repositories FOR ALL USING (tenant_id = ANY ((SELECT berth_part_tenants())::uuid[]));
--> statement-breakpoint
ALTER TABLE roles ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE roles FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE assignments ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE assignments FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- Read within the scope, and always one's own. Written by the portal itself, after it has judged who gives what to whom: no
-- policy can tell whether somebody has what they give.
CREATE POLICY scope ON roles FOR SELECT USING ((SELECT berth_sees_all())
  OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]) OR tenant_id = ANY ((SELECT berth_part_tenants())::uuid[]));
--> statement-breakpoint
CREATE POLICY write ON roles FOR ALL USING ((SELECT berth_is_system()));
--> statement-breakpoint
CREATE POLICY scope ON assignments FOR SELECT USING ((SELECT berth_sees_all())
  OR user_id = (SELECT berth_user()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
CREATE POLICY write ON assignments FOR ALL USING ((SELECT berth_is_system()));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON roles, assignments TO berth_web;
--> statement-breakpoint
GRANT SELECT ON roles, assignments TO berth_worker;
--> statement-breakpoint
-- An account begins with the role it is made with. Names from before there were more roles are understood as well.
CREATE FUNCTION berth_first_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  named text := CASE NEW.role WHEN 'reseller' THEN 'reseller-owner' WHEN 'tenant-member' THEN 'tenant-operator' ELSE NEW.role END;
BEGIN
  IF named IS NULL THEN RETURN NULL; END IF;
  IF TG_OP = 'UPDATE' THEN DELETE FROM assignments WHERE user_id = NEW.id; END IF;
  INSERT INTO assignments (id, user_id, role, scope, tenant_id) VALUES (
    berth_uuid7(), NEW.id, named,
    CASE WHEN NEW.tenant_id IS NULL THEN 'installation' WHEN named LIKE 'reseller-%' THEN 'reseller' ELSE 'tenant' END,
    NEW.tenant_id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER first_assignment AFTER INSERT ON users FOR EACH ROW EXECUTE FUNCTION berth_first_assignment();
--> statement-breakpoint
CREATE TRIGGER other_assignment AFTER UPDATE OF role ON users FOR EACH ROW
  WHEN (NEW.role IS DISTINCT FROM OLD.role) EXECUTE FUNCTION berth_first_assignment();
--> statement-breakpoint
-- The last who can let others in stays. Whoever would take the last one waits for whoever would take the one before.
CREATE FUNCTION berth_keep_an_owner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.role = OLD.role AND NEW.scope = OLD.scope AND NEW.user_id = OLD.user_id
    AND NEW.custom_role_id IS NOT DISTINCT FROM OLD.custom_role_id AND NEW.tenant_id IS NOT DISTINCT FROM OLD.tenant_id
  THEN RETURN NEW; END IF;
  PERFORM pg_advisory_xact_lock(hashtextextended('owners of ' || coalesce(OLD.tenant_id::text, 'the installation'), 0));
  IF NOT EXISTS (
    SELECT FROM assignments a JOIN users u ON u.id = a.user_id
    WHERE a.id <> OLD.id AND a.role = OLD.role AND a.scope = OLD.scope AND a.custom_role_id IS NULL
      AND a.tenant_id IS NOT DISTINCT FROM OLD.tenant_id AND u.kind = 'person'
      AND (u.disabled_at IS NULL OR u.id = OLD.user_id)
  ) THEN
    RAISE EXCEPTION 'somebody must remain who can let others in'
      USING ERRCODE = 'check_violation', CONSTRAINT = 'assignments_last_owner';
  END IF;
  RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;
--> statement-breakpoint
CREATE TRIGGER keep_an_owner BEFORE DELETE OR UPDATE ON assignments FOR EACH ROW
  WHEN (OLD.custom_role_id IS NULL AND (OLD.role, OLD.scope) IN
    (('tenant-owner', 'tenant'), ('reseller-owner', 'reseller'), ('provider-admin', 'installation')))
  EXECUTE FUNCTION berth_keep_an_owner();
--> statement-breakpoint
-- What everybody had becomes rows. Row-level security binds this file too.
SELECT set_config('berth.actor_scope', 'system', true);
--> statement-breakpoint
INSERT INTO assignments (id, user_id, role, scope, tenant_id)
SELECT berth_uuid7(), id,
  CASE role WHEN 'reseller' THEN 'reseller-owner' WHEN 'tenant-member' THEN 'tenant-operator' ELSE role END,
  CASE WHEN tenant_id IS NULL THEN 'installation' WHEN role LIKE 'reseller%' THEN 'reseller' ELSE 'tenant' END,
  tenant_id
FROM users WHERE role IS NOT NULL;
--> statement-breakpoint
SELECT set_config('berth.actor_scope', '', true);
--> statement-breakpoint
-- With a token go the tokens that were made with it.
CREATE FUNCTION berth_token_family() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE api_tokens SET revoked_at = NEW.revoked_at WHERE parent_id = NEW.id AND revoked_at IS NULL;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER family AFTER UPDATE OF revoked_at ON api_tokens FOR EACH ROW
  WHEN (NEW.revoked_at IS NOT NULL AND OLD.revoked_at IS NULL) EXECUTE FUNCTION berth_token_family();
