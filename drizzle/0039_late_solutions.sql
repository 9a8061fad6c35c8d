DROP INDEX "tickets_due";--> statement-breakpoint
ALTER TABLE "tickets" ADD COLUMN "solution_late_told_at" timestamp (3) with time zone;--> statement-breakpoint
CREATE INDEX "tickets_due" ON "tickets" USING btree ("created_at") WHERE "tickets"."state" <> 'closed' and ("tickets"."late_told_at" is null or "tickets"."solution_late_told_at" is null);--> statement-breakpoint
SELECT set_config('berth.actor_scope', 'system', true);--> statement-breakpoint
-- Of an answered ticket, what was told of so far was its solution.
UPDATE "tickets" SET "solution_late_told_at" = "late_told_at"
  WHERE "first_answered_at" < "late_told_at" AND "solve_due_at" <= "late_told_at";--> statement-breakpoint
SELECT set_config('berth.actor_scope', '', true);
