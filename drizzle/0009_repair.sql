ALTER TABLE "containers" ADD COLUMN "repair_since" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "repair_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "containers" ADD COLUMN "repair_read_only" boolean;--> statement-breakpoint
CREATE INDEX "containers_repair" ON "containers" USING btree ("repair_until") WHERE "containers"."repair_until" is not null;--> statement-breakpoint
ALTER TABLE "containers" ADD CONSTRAINT "containers_repair_whole" CHECK (("containers"."repair_until" is null) = ("containers"."repair_since" is null) and ("containers"."repair_until" is null) = ("containers"."repair_read_only" is null));