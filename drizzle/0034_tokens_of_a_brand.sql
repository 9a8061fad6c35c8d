-- Where tokens from before this were made is written nowhere: they stay what their holders are everywhere.
ALTER TABLE "device_logins" ADD COLUMN "brand_id" uuid;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD COLUMN "brand_id" uuid;--> statement-breakpoint
ALTER TABLE "device_logins" ADD CONSTRAINT "device_logins_brand_id_tenants_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_brand_id_tenants_id_fk" FOREIGN KEY ("brand_id") REFERENCES "public"."tenants"("id") ON DELETE cascade ON UPDATE no action;