CREATE TABLE "audit_chain" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"entry_id" uuid NOT NULL,
	"hash" text NOT NULL,
	"sealed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "audit_chain_seq" CHECK ("audit_chain"."seq" > 0)
);
--> statement-breakpoint
CREATE TABLE "audit_heads" (
	"seq" bigint PRIMARY KEY NOT NULL,
	"hash" text NOT NULL,
	"at" timestamp (3) with time zone NOT NULL,
	"jws" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_unsealed" (
	"entry_id" uuid PRIMARY KEY NOT NULL
);
--> statement-breakpoint
ALTER TABLE "audit_log" ADD COLUMN "on_behalf_of_id" uuid;--> statement-breakpoint
ALTER TABLE "audit_log" ADD COLUMN "on_behalf_of_name" text;--> statement-breakpoint
ALTER TABLE "hosts" ADD COLUMN "audit_head_seq" bigint;--> statement-breakpoint
CREATE UNIQUE INDEX "audit_chain_entry" ON "audit_chain" USING btree ("entry_id");--> statement-breakpoint
CREATE INDEX "audit_log_verb" ON "audit_log" USING btree ("verb","at" DESC NULLS LAST);--> statement-breakpoint
-- What is written waits here to be sealed, whoever writes it; nobody but the worker takes it out.
CREATE FUNCTION berth_audit_wants_a_seal() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
BEGIN
  INSERT INTO public.audit_unsealed (entry_id) VALUES (NEW.id);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER wants_a_seal AFTER INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION berth_audit_wants_a_seal();
--> statement-breakpoint
-- What there is already is sealed first. Row-level security binds the owner too, until the end of this transaction.
SELECT set_config('berth.actor_scope', 'system', true);
--> statement-breakpoint
INSERT INTO audit_unsealed SELECT id FROM audit_log;
--> statement-breakpoint
SELECT set_config('berth.actor_scope', '', true);
--> statement-breakpoint
-- Nobody changes, deletes or empties the record, its seals and its heads: no grant, and a trigger for whoever has one all the same.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_chain FOR EACH ROW EXECUTE FUNCTION berth_audit_is_append_only();
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_heads FOR EACH ROW EXECUTE FUNCTION berth_audit_is_append_only();
--> statement-breakpoint
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON audit_log FOR EACH STATEMENT EXECUTE FUNCTION berth_audit_is_append_only();
--> statement-breakpoint
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON audit_chain FOR EACH STATEMENT EXECUTE FUNCTION berth_audit_is_append_only();
--> statement-breakpoint
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON audit_heads FOR EACH STATEMENT EXECUTE FUNCTION berth_audit_is_append_only();
--> statement-breakpoint
-- Seals and heads are the provider's to see and the worker's to add.
ALTER TABLE audit_chain ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE audit_chain FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY read ON audit_chain FOR SELECT USING ((SELECT berth_sees_all()));
--> statement-breakpoint
CREATE POLICY add ON audit_chain FOR INSERT WITH CHECK ((SELECT berth_is_system()));
--> statement-breakpoint
ALTER TABLE audit_heads ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE audit_heads FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY read ON audit_heads FOR SELECT USING ((SELECT berth_sees_all()));
--> statement-breakpoint
CREATE POLICY add ON audit_heads FOR INSERT WITH CHECK ((SELECT berth_is_system()));
--> statement-breakpoint
GRANT SELECT ON audit_chain, audit_heads, audit_unsealed TO berth_web, berth_worker;
--> statement-breakpoint
GRANT INSERT ON audit_chain, audit_heads TO berth_worker;
--> statement-breakpoint
GRANT DELETE ON audit_unsealed TO berth_worker;
