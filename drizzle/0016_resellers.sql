CREATE TABLE "brand_assets" (
	"reseller_id" uuid NOT NULL,
	"asset" text NOT NULL,
	"png" "bytea" NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "brand_hosts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reseller_id" uuid NOT NULL,
	"host" text NOT NULL,
	"challenge" text NOT NULL,
	"proven_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "brands" (
	"reseller_id" uuid PRIMARY KEY NOT NULL,
	"product_name" text NOT NULL,
	"support_url" text,
	"legal_url" text,
	"sign_in_text" text DEFAULT '' NOT NULL,
	"colours" jsonb,
	"sender" jsonb,
	"sealed_smtp_password" text,
	"mails" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "device_logins" (
	"id" uuid PRIMARY KEY NOT NULL,
	"device_code_hash" text NOT NULL,
	"user_code_hash" text NOT NULL,
	"name" text NOT NULL,
	"address" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"polled_at" timestamp (3) with time zone,
	"user_id" uuid,
	"approved_at" timestamp (3) with time zone,
	"denied_at" timestamp (3) with time zone,
	"redeemed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"user_id" uuid NOT NULL,
	"key" text NOT NULL,
	"fingerprint" text NOT NULL,
	"status" integer,
	"sealed_body" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_keys_user_id_key_pk" PRIMARY KEY("user_id","key")
);
--> statement-breakpoint
CREATE TABLE "reseller_quotas" (
	"reseller_id" uuid PRIMARY KEY NOT NULL,
	"max_containers" integer,
	"cpu_cores" numeric,
	"memory_bytes" bigint,
	"disk_bytes" bigint,
	"backup_bytes" bigint,
	"host_ids" uuid[],
	"template_ids" uuid[],
	"offered_template_ids" uuid[],
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reseller_quotas_positive" CHECK (least("reseller_quotas"."max_containers", "reseller_quotas"."cpu_cores", "reseller_quotas"."memory_bytes", "reseller_quotas"."disk_bytes", "reseller_quotas"."backup_bytes") >= 0)
);
--> statement-breakpoint
CREATE TABLE "webhook_cursor" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"xid" text NOT NULL,
	"event_id" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" uuid PRIMARY KEY NOT NULL,
	"webhook_id" uuid NOT NULL,
	"tenant_id" uuid,
	"event" text NOT NULL,
	"body" text NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"status" integer,
	"problem" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp (3) with time zone,
	CONSTRAINT "webhook_deliveries_state" CHECK ("webhook_deliveries"."state" in ('waiting', 'delivered', 'failed'))
);
--> statement-breakpoint
CREATE TABLE "webhooks" (
	"id" uuid PRIMARY KEY NOT NULL,
	"tenant_id" uuid,
	"url" text NOT NULL,
	"events" text[] NOT NULL,
	"sealed_secret" text NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"problem" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "plans_name";--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "reseller_id" uuid;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "price" text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "offered" boolean DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE "outbox" ADD COLUMN "brand_id" uuid;--> statement-breakpoint
ALTER TABLE "brand_assets" ADD CONSTRAINT "brand_assets_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "brand_hosts" ADD CONSTRAINT "brand_hosts_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "brands" ADD CONSTRAINT "brands_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "device_logins" ADD CONSTRAINT "device_logins_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "idempotency_keys" ADD CONSTRAINT "idempotency_keys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reseller_quotas" ADD CONSTRAINT "reseller_quotas_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_webhook_id_webhooks_id_fk" FOREIGN KEY ("webhook_id") REFERENCES "public"."webhooks"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhooks" ADD CONSTRAINT "webhooks_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "brand_assets_one" ON "brand_assets" USING btree ("reseller_id","asset");--> statement-breakpoint
CREATE UNIQUE INDEX "brand_hosts_proven" ON "brand_hosts" USING btree ("host") WHERE "brand_hosts"."proven_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "brand_hosts_claimed" ON "brand_hosts" USING btree ("reseller_id","host");--> statement-breakpoint
CREATE INDEX "brand_hosts_reseller" ON "brand_hosts" USING btree ("reseller_id");--> statement-breakpoint
CREATE UNIQUE INDEX "device_logins_device_code" ON "device_logins" USING btree ("device_code_hash");--> statement-breakpoint
CREATE UNIQUE INDEX "device_logins_user_code" ON "device_logins" USING btree ("user_code_hash");--> statement-breakpoint
CREATE INDEX "device_logins_expires" ON "device_logins" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "idempotency_keys_created" ON "idempotency_keys" USING btree ("created_at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_due" ON "webhook_deliveries" USING btree ("webhook_id","next_attempt_at") WHERE "webhook_deliveries"."state" = 'waiting';--> statement-breakpoint
CREATE INDEX "webhook_deliveries_log" ON "webhook_deliveries" USING btree ("webhook_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "webhooks_tenant" ON "webhooks" USING btree ("tenant_id");--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "plans_reseller" ON "plans" USING btree ("reseller_id");--> statement-breakpoint
CREATE UNIQUE INDEX "plans_name" ON "plans" USING btree (coalesce("reseller_id", '00000000-0000-0000-0000-000000000000'),lower("name"));--> statement-breakpoint

-- A reseller's plans are known to itself, to its tenants (a container names its plan) and to the provider; the provider's to all.
CREATE FUNCTION berth_resellers() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT berth_tenants() || coalesce((SELECT array_agg(t.reseller_id) FROM tenants t
    WHERE t.id = ANY (berth_tenants() || berth_part_tenants()) AND t.reseller_id IS NOT NULL), '{}')
$$;
--> statement-breakpoint
CREATE FUNCTION berth_is_reseller(reseller uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT reseller = ANY (berth_tenants()) AND EXISTS (SELECT FROM tenants WHERE id = reseller AND kind = 'reseller')
$$;
--> statement-breakpoint
ALTER TABLE plans ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE plans FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY know ON plans FOR SELECT
  USING (reseller_id IS NULL OR (SELECT berth_sees_all()) OR reseller_id = ANY ((SELECT berth_resellers())::uuid[]));
--> statement-breakpoint
CREATE POLICY make ON plans FOR INSERT WITH CHECK ((SELECT berth_sees_all()) OR berth_is_reseller(reseller_id));
--> statement-breakpoint
CREATE POLICY change ON plans FOR UPDATE
  USING ((SELECT berth_sees_all()) OR berth_is_reseller(reseller_id))
  WITH CHECK ((SELECT berth_sees_all()) OR berth_is_reseller(reseller_id));
--> statement-breakpoint
-- What a plan gives is never changed: containers were made from it and are counted by it.
GRANT UPDATE (name, price, offered) ON plans TO berth_web;
--> statement-breakpoint

-- The provider decides how much; a reseller reads its own and may change what it offers.
ALTER TABLE reseller_quotas ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE reseller_quotas FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY know ON reseller_quotas FOR SELECT
  USING ((SELECT berth_sees_all()) OR reseller_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
CREATE POLICY make ON reseller_quotas FOR INSERT WITH CHECK ((SELECT berth_sees_all()));
--> statement-breakpoint
CREATE POLICY change ON reseller_quotas FOR UPDATE USING ((SELECT berth_sees_all()) OR berth_is_reseller(reseller_id));
--> statement-breakpoint
CREATE FUNCTION berth_quota_is_the_providers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT berth_sees_all() AND (to_jsonb(NEW) - 'offered_template_ids') IS DISTINCT FROM (to_jsonb(OLD) - 'offered_template_ids') THEN
    RAISE EXCEPTION 'a reseller changes what it offers, not what it may use';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER the_providers BEFORE UPDATE ON reseller_quotas FOR EACH ROW EXECUTE FUNCTION berth_quota_is_the_providers();
--> statement-breakpoint
GRANT SELECT ON reseller_quotas TO berth_web, berth_worker;
--> statement-breakpoint
GRANT INSERT, UPDATE ON reseller_quotas TO berth_web;
--> statement-breakpoint
ALTER TABLE webhooks ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE webhooks FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE webhook_deliveries ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE webhook_deliveries FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON webhooks FOR ALL USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
CREATE POLICY scope ON webhook_deliveries FOR ALL USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
-- The secret is put by the web and read by the worker alone.
GRANT SELECT (id, tenant_id, url, events, enabled, problem, created_at), INSERT, DELETE ON webhooks TO berth_web;
--> statement-breakpoint
GRANT UPDATE (enabled, problem) ON webhooks TO berth_web;
--> statement-breakpoint
GRANT SELECT, UPDATE ON webhooks TO berth_worker;
--> statement-breakpoint
GRANT SELECT, INSERT ON webhook_deliveries TO berth_web;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_deliveries TO berth_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON webhook_cursor TO berth_worker;
--> statement-breakpoint
ALTER TABLE idempotency_keys ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE idempotency_keys FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own ON idempotency_keys FOR ALL USING ((SELECT berth_is_system()) OR user_id = (SELECT berth_user()));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys TO berth_web;
--> statement-breakpoint
GRANT SELECT, DELETE ON idempotency_keys TO berth_worker;
--> statement-breakpoint
-- Nobody's but the portal's own: who knows a code is decided in the verbs.
ALTER TABLE device_logins ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE device_logins FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own ON device_logins FOR ALL USING ((SELECT berth_is_system()));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON device_logins TO berth_web;
--> statement-breakpoint
GRANT SELECT, DELETE ON device_logins TO berth_worker;
--> statement-breakpoint
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['brands', 'brand_assets', 'brand_hosts'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY scope ON %I FOR ALL USING ((SELECT berth_sees_all()) OR reseller_id = ANY ((SELECT berth_tenants())::uuid[]))', t);
  END LOOP;
END $$;
--> statement-breakpoint
GRANT SELECT (reseller_id, product_name, support_url, legal_url, sign_in_text, colours, sender, mails, updated_at), INSERT ON brands TO berth_web;
--> statement-breakpoint
GRANT UPDATE (product_name, support_url, legal_url, sign_in_text, colours, sender, sealed_smtp_password, mails, updated_at) ON brands TO berth_web;
--> statement-breakpoint
GRANT SELECT ON brands, brand_assets, brand_hosts TO berth_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON brand_assets, brand_hosts TO berth_web;
