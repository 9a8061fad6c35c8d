CREATE TABLE "billing_services" (
	"id" uuid PRIMARY KEY NOT NULL,
	"reseller_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"external_client_id" text NOT NULL,
	"tenant_id" uuid NOT NULL,
	"user_id" uuid,
	"container_id" uuid,
	"operation_id" uuid,
	"paid_until" timestamp (3) with time zone,
	"terminated_at" timestamp (3) with time zone,
	"remove_after" timestamp (3) with time zone,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "billing_services_ending_whole" CHECK (("billing_services"."terminated_at" is null) = ("billing_services"."remove_after" is null))
);
--> statement-breakpoint
ALTER TABLE "login_tokens" DROP CONSTRAINT "login_tokens_purpose";--> statement-breakpoint
ALTER TABLE "billing_services" ADD CONSTRAINT "billing_services_reseller_id_tenants_id_fk" FOREIGN KEY ("reseller_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing_services" ADD CONSTRAINT "billing_services_tenant_id_tenants_id_fk" FOREIGN KEY ("tenant_id") REFERENCES "public"."tenants"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing_services" ADD CONSTRAINT "billing_services_user_id_users_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."users"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "billing_services" ADD CONSTRAINT "billing_services_container_id_containers_id_fk" FOREIGN KEY ("container_id") REFERENCES "public"."containers"("id") ON DELETE set null ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "billing_services_external" ON "billing_services" USING btree ("reseller_id","external_id");--> statement-breakpoint
CREATE UNIQUE INDEX "billing_services_container" ON "billing_services" USING btree ("container_id");--> statement-breakpoint
CREATE INDEX "billing_services_client" ON "billing_services" USING btree ("reseller_id","external_client_id");--> statement-breakpoint
CREATE INDEX "billing_services_tenant" ON "billing_services" USING btree ("tenant_id");--> statement-breakpoint
CREATE INDEX "billing_services_newest" ON "billing_services" USING btree ("reseller_id","created_at" DESC NULLS LAST,"id" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "billing_services_ending" ON "billing_services" USING btree ("remove_after") WHERE "billing_services"."remove_after" is not null;--> statement-breakpoint
ALTER TABLE "login_tokens" ADD CONSTRAINT "login_tokens_purpose" CHECK ("login_tokens"."purpose" in ('reset', 'first-login', 'setup', 'sign-in'));
--> statement-breakpoint
ALTER TABLE billing_services ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE billing_services FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- The reseller's, who never writes a tenant of another into it. The tenant's own people do not see how they are billed.
CREATE POLICY scope ON billing_services FOR ALL
  USING ((SELECT berth_sees_all()) OR reseller_id = ANY ((SELECT berth_tenants())::uuid[]))
  WITH CHECK ((SELECT berth_sees_all())
    OR (reseller_id = ANY ((SELECT berth_tenants())::uuid[]) AND tenant_id = ANY ((SELECT berth_tenants())::uuid[])));
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON billing_services TO berth_web;
--> statement-breakpoint
GRANT SELECT, UPDATE ON billing_services TO berth_worker;
