CREATE TABLE "workers" (
	"name" text PRIMARY KEY NOT NULL,
	"lease" bigint NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"beat_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"version" text NOT NULL,
	"ended_at" timestamp (3) with time zone,
	"taken_by" text
);
--> statement-breakpoint
ALTER TABLE "operations" ADD COLUMN "fence" bigint DEFAULT 0 NOT NULL;
--> statement-breakpoint
-- Leases only rise, whatever becomes of the rows.
CREATE SEQUENCE worker_leases;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON workers TO berth_worker;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE worker_leases TO berth_worker;
--> statement-breakpoint
GRANT SELECT ON workers TO berth_web;
--> statement-breakpoint
-- Workers have a table of their own from now on.
DELETE FROM service_heartbeats WHERE kind = 'worker';
