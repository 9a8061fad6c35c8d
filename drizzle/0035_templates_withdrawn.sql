ALTER TABLE "hosts" ADD COLUMN "collect_layers_at" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "templates" ADD COLUMN "withdrawn_at" timestamp (3) with time zone;--> statement-breakpoint
GRANT UPDATE (withdrawn_at) ON templates TO berth_web;
