ALTER TABLE "brands" ADD COLUMN "language" text;--> statement-breakpoint
ALTER TABLE "users" ADD COLUMN "language" text;--> statement-breakpoint
ALTER TABLE "brands" ADD CONSTRAINT "brands_language" CHECK ("brands"."language" in ('en', 'de'));--> statement-breakpoint
ALTER TABLE "users" ADD CONSTRAINT "users_language" CHECK ("users"."language" in ('en', 'de'));--> statement-breakpoint
GRANT UPDATE (language) ON users TO berth_web;
--> statement-breakpoint
GRANT SELECT (language), UPDATE (language) ON brands TO berth_web;
