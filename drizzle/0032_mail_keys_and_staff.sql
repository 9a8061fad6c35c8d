CREATE TABLE "brand_dkim_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reseller_id" uuid NOT NULL,
	"domain" text NOT NULL,
	"selector" text NOT NULL,
	"public_key" text NOT NULL,
	"sealed_private_key" text NOT NULL,
	"proven_at" timestamp (3) with time zone,
	"missing_since" timestamp (3) with time zone,
	"checked_at" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
DROP INDEX "invitations_open";--> statement-breakpoint
ALTER TABLE "invitations" ALTER COLUMN "tenant_id" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "brand_dkim_keys" ADD CONSTRAINT "brand_dkim_keys_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "brand_dkim_keys_reseller" ON "brand_dkim_keys" USING btree ("reseller_id");--> statement-breakpoint
CREATE UNIQUE INDEX "brand_dkim_keys_waiting" ON "brand_dkim_keys" USING btree ("reseller_id","domain") WHERE "brand_dkim_keys"."proven_at" is null;--> statement-breakpoint
CREATE UNIQUE INDEX "invitations_open" ON "invitations" USING btree (coalesce("tenant_id", '00000000-0000-0000-0000-000000000000'),"email") WHERE "invitations"."ended_at" is null;
--> statement-breakpoint
ALTER TABLE brand_dkim_keys ADD CONSTRAINT brand_dkim_keys_lower CHECK (domain = lower(domain));
--> statement-breakpoint
ALTER TABLE brand_dkim_keys ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE brand_dkim_keys FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON brand_dkim_keys FOR ALL USING ((SELECT berth_sees_all()) OR berth_is_reseller(reseller_id));
--> statement-breakpoint
-- The private key is put by the web and read by the worker alone, which also looks whether the record is still there.
GRANT SELECT (id, reseller_id, domain, selector, public_key, proven_at, missing_since, checked_at, created_at), INSERT, DELETE ON brand_dkim_keys TO berth_web;
--> statement-breakpoint
GRANT UPDATE (proven_at, missing_since, checked_at) ON brand_dkim_keys TO berth_web;
--> statement-breakpoint
GRANT SELECT, UPDATE (missing_since, checked_at) ON brand_dkim_keys TO berth_worker;
--> statement-breakpoint
-- Roles that a reseller has made for its tenants' people are read in its tenants, which give them.
CREATE POLICY of_reseller ON roles FOR SELECT USING (base LIKE 'tenant-%' AND tenant_id IN (
  SELECT t.reseller_id FROM tenants t WHERE t.id = ANY ((SELECT berth_tenants())::uuid[])));
