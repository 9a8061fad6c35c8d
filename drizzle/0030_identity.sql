CREATE TABLE "identities" (
	"id" uuid PRIMARY KEY NOT NULL,
	"provider_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "identity_visits" (
	"state_hash" text PRIMARY KEY NOT NULL,
	"browser_hash" text NOT NULL,
	"provider_id" uuid NOT NULL,
	"purpose" text NOT NULL,
	"session_id" uuid,
	"redirect_uri" text NOT NULL,
	"next" text NOT NULL,
	"user_id" uuid,
	"proved_at" timestamp (3) with time zone,
	"provider_session" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "identity_visits_purpose" CHECK ("identity_visits"."purpose" in ('sign-in', 'link', 'prove', 'try', 'code')),
	CONSTRAINT "identity_visits_user" CHECK (("identity_visits"."purpose" = 'code') = ("identity_visits"."user_id" is not null))
);
--> statement-breakpoint
CREATE TABLE "identity_providers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reseller_id" uuid,
	"name" text NOT NULL,
	"issuer" text NOT NULL,
	"client_id" text NOT NULL,
	"sealed_secret" text NOT NULL,
	"scopes" text[] NOT NULL,
	"groups_claim" text,
	"mappings" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"unknown_people" text DEFAULT 'refuse' NOT NULL,
	"link_by_email" boolean DEFAULT false NOT NULL,
	"exclusive" boolean DEFAULT false NOT NULL,
	"trusted_factors" text[] DEFAULT '{}' NOT NULL,
	"private_network" boolean DEFAULT false NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"last_try" jsonb,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "identity_providers_unknown" CHECK ("identity_providers"."unknown_people" in ('make', 'refuse')),
	CONSTRAINT "identity_providers_private" CHECK (not "identity_providers"."private_network" or "identity_providers"."reseller_id" is null)
);
--> statement-breakpoint
ALTER TABLE "assignments" ADD COLUMN "provider_id" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "provider_id" uuid;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "provider_session" text;--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "factor_vouched" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_provider_id_identity_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."identity_providers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identities" ADD CONSTRAINT "identities_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_visits" ADD CONSTRAINT "identity_visits_provider_id_identity_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."identity_providers"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_visits" ADD CONSTRAINT "identity_visits_session_id_sessions_id_fk" FOREIGN KEY ("session_id") REFERENCES "public"."sessions"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_visits" ADD CONSTRAINT "identity_visits_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "identity_providers" ADD CONSTRAINT "identity_providers_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "identities_subject" ON "identities" USING btree ("provider_id","subject");--> statement-breakpoint
CREATE UNIQUE INDEX "identities_user" ON "identities" USING btree ("user_id","provider_id");--> statement-breakpoint
CREATE INDEX "identity_visits_expires" ON "identity_visits" USING btree ("expires_at");--> statement-breakpoint
CREATE INDEX "identity_providers_reseller" ON "identity_providers" USING btree ("reseller_id");--> statement-breakpoint
ALTER TABLE "assignments" ADD CONSTRAINT "assignments_provider_id_identity_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."identity_providers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_provider_id_identity_providers_id_fk" FOREIGN KEY ("provider_id") REFERENCES "public"."identity_providers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "assignments_provider" ON "assignments" USING btree ("provider_id") WHERE "assignments"."provider_id" is not null;--> statement-breakpoint
CREATE INDEX "sessions_provider" ON "sessions" USING btree ("provider_id") WHERE "sessions"."provider_id" is not null;
--> statement-breakpoint
-- A provider is its reseller's and the installation's to see; who comes in by one, the portal's own.
ALTER TABLE identity_providers ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE identity_providers FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON identity_providers FOR ALL
  USING ((SELECT berth_sees_all()) OR (reseller_id IS NOT NULL AND berth_is_reseller(reseller_id)));
--> statement-breakpoint
-- Ways in: one's own, or the portal itself.
ALTER TABLE identities ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE identities FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own ON identities FOR ALL USING ((SELECT berth_is_system()) OR user_id = (SELECT berth_user()));
--> statement-breakpoint
ALTER TABLE identity_visits ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE identity_visits FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own ON identity_visits FOR ALL USING ((SELECT berth_is_system()));
--> statement-breakpoint
-- Signing in is the web's business alone. The issuer is not: people are known by it.
GRANT SELECT, INSERT, DELETE ON identity_providers, identities, identity_visits TO berth_web;
--> statement-breakpoint
GRANT UPDATE (name, client_id, sealed_secret, scopes, groups_claim, mappings, unknown_people, link_by_email, exclusive,
  trusted_factors, private_network, enabled, last_try) ON identity_providers TO berth_web;
--> statement-breakpoint
GRANT UPDATE (last_used_at) ON identities TO berth_web;
