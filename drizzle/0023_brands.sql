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
ALTER TABLE "outbox" ADD COLUMN "brand_id" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "brand_id" uuid;--> statement-breakpoint
ALTER TABLE "brand_assets" ADD CONSTRAINT "brand_assets_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "brand_hosts" ADD CONSTRAINT "brand_hosts_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "brands" ADD CONSTRAINT "brands_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "brand_assets_one" ON "brand_assets" USING btree ("reseller_id","asset");--> statement-breakpoint
CREATE UNIQUE INDEX "brand_hosts_proven" ON "brand_hosts" USING btree ("host") WHERE "brand_hosts"."proven_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "brand_hosts_claimed" ON "brand_hosts" USING btree ("reseller_id","host");--> statement-breakpoint
CREATE INDEX "brand_hosts_reseller" ON "brand_hosts" USING btree ("reseller_id");--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_brand_id_tenants_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "brand_assets" ADD CONSTRAINT "brand_assets_asset" CHECK (asset IN ('light', 'dark', 'favicon'));
--> statement-breakpoint
ALTER TABLE "brand_hosts" ADD CONSTRAINT "brand_hosts_lower" CHECK (host = lower(host));
--> statement-breakpoint
-- A brand is its reseller's and the provider's to see. Its tenants see it by the portal's own eyes: in pages and mails.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['brands', 'brand_assets', 'brand_hosts'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY scope ON %I FOR ALL USING ((SELECT berth_sees_all()) OR berth_is_reseller(reseller_id))', t);
  END LOOP;
END $$;
--> statement-breakpoint
-- The password of a brand's mail server is put by the web and read by the worker alone.
GRANT SELECT (reseller_id, product_name, support_url, legal_url, sign_in_text, colours, sender, mails, updated_at), INSERT ON brands TO berth_web;
--> statement-breakpoint
GRANT UPDATE (product_name, support_url, legal_url, sign_in_text, colours, sender, sealed_smtp_password, mails, updated_at) ON brands TO berth_web;
--> statement-breakpoint
GRANT SELECT ON brands, brand_assets, brand_hosts TO berth_worker;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON brand_assets, brand_hosts TO berth_web;
