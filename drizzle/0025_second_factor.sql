CREATE TABLE "authenticators" (
	"user_id" uuid PRIMARY KEY NOT NULL,
	"sealed_secret" text,
	"confirmed_at" timestamp (3) with time zone,
	"last_step" bigint DEFAULT 0 NOT NULL,
	"pending_secret" text,
	"pending_until" timestamp (3) with time zone,
	CONSTRAINT "authenticators_confirmed" CHECK (("authenticators"."sealed_secret" is null) = ("authenticators"."confirmed_at" is null))
);
--> statement-breakpoint
CREATE TABLE "passkey_challenges" (
	"challenge_hash" text PRIMARY KEY NOT NULL,
	"purpose" text NOT NULL,
	"user_id" uuid,
	"expires_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "passkeys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"name" text NOT NULL,
	"credential_id" text NOT NULL,
	"public_key" text NOT NULL,
	"counter" bigint NOT NULL,
	"transports" text[] NOT NULL,
	"rp_id" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "recovery_codes" (
	"id" uuid PRIMARY KEY NOT NULL,
	"user_id" uuid NOT NULL,
	"code_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"used_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "security_policy" (
	"one" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"factor_roles" text[] DEFAULT '{}' NOT NULL,
	CONSTRAINT "security_policy_one" CHECK ("security_policy"."one")
);
--> statement-breakpoint
ALTER TABLE "sessions" ADD COLUMN "proved_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "tenants" ADD COLUMN "require_factor" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "authenticators" ADD CONSTRAINT "authenticators_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkey_challenges" ADD CONSTRAINT "passkey_challenges_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "passkeys" ADD CONSTRAINT "passkeys_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "recovery_codes" ADD CONSTRAINT "recovery_codes_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "passkey_challenges_expires" ON "passkey_challenges" USING btree ("expires_at");--> statement-breakpoint
CREATE UNIQUE INDEX "passkeys_credential" ON "passkeys" USING btree ("credential_id");--> statement-breakpoint
CREATE INDEX "passkeys_user" ON "passkeys" USING btree ("user_id");--> statement-breakpoint
CREATE UNIQUE INDEX "recovery_codes_hash" ON "recovery_codes" USING btree ("user_id","code_hash");
--> statement-breakpoint
-- Ways in: one's own, or the portal itself; as with sessions, not even an administrator reads these through the panel.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['authenticators', 'recovery_codes', 'passkeys'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own ON %I FOR ALL USING ((SELECT berth_is_system()) OR user_id = (SELECT berth_user()))', t);
  END LOOP;
END $$;
--> statement-breakpoint
-- Nobody's but the portal's own.
ALTER TABLE passkey_challenges ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE passkey_challenges FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY own ON passkey_challenges FOR ALL USING ((SELECT berth_is_system()));
--> statement-breakpoint
-- Signing in is the web's business alone: the worker has nothing to do with these.
GRANT SELECT, INSERT, UPDATE, DELETE ON authenticators, recovery_codes, passkeys TO berth_web;
--> statement-breakpoint
GRANT SELECT, INSERT, DELETE ON passkey_challenges TO berth_web;
--> statement-breakpoint
ALTER TABLE security_policy ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE security_policy FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY whole ON security_policy FOR ALL USING ((SELECT berth_sees_all()));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON security_policy TO berth_web;
--> statement-breakpoint
GRANT UPDATE (require_factor) ON tenants TO berth_web;
