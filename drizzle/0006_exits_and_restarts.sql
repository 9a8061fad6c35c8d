ALTER TABLE "containers" ADD COLUMN "restart_policy" text DEFAULT 'on-failure' NOT NULL;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "exits" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "restarts" jsonb;--> statement-breakpoint
ALTER TABLE "plans" ADD COLUMN "start_priority" integer DEFAULT 50 NOT NULL;--> statement-breakpoint
ALTER TABLE "templates" ADD COLUMN "ssh_server" boolean DEFAULT false NOT NULL;--> statement-breakpoint
-- Until now the name decided.
UPDATE "templates" SET "ssh_server" = "name" <> 'tiny';--> statement-breakpoint
ALTER TABLE "containers" ADD CONSTRAINT "containers_restart_policy" CHECK ("containers"."restart_policy" in ('never', 'on-failure', 'always'));--> statement-breakpoint
ALTER TABLE "plans" ADD CONSTRAINT "plans_start_priority" CHECK ("plans"."start_priority" between 0 and 100);
