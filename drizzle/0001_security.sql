-- Roles (made by set-up, see docs/operating.md): berth_owner runs this file and owns every table; berth_web and
-- berth_worker are NOBYPASSRLS and get the least they need. Row-level security is FORCEd, so that it binds the owner too.

-- Who is asking, from settings that end with the transaction. Nothing set means nothing seen.
CREATE FUNCTION berth_sees_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(current_setting('berth.actor_scope', true), '') IN ('provider', 'system')
$$;
--> statement-breakpoint
CREATE FUNCTION berth_is_system() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(current_setting('berth.actor_scope', true), '') = 'system'
$$;
--> statement-breakpoint
CREATE FUNCTION berth_tenants() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN coalesce(current_setting('berth.actor_scope', true), '') IN ('tenant', 'reseller')
    THEN string_to_array(coalesce(current_setting('berth.actor_tenants', true), ''), ',')::uuid[]
    ELSE '{}'::uuid[] END
$$;
--> statement-breakpoint
CREATE FUNCTION berth_user() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT nullif(current_setting('berth.actor_user', true), '')::uuid
$$;
--> statement-breakpoint

-- Tables with a tenant: seen and written within the actor's scope. The sub-selects are evaluated once per statement.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['containers', 'holds', 'port_forwards', 'operations', 'retained_volumes', 'repositories', 'backups', 'events', 'audit_log', 'users'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['containers', 'holds', 'port_forwards', 'operations', 'retained_volumes', 'repositories', 'backups', 'events'] LOOP
    EXECUTE format('CREATE POLICY scope ON %I FOR ALL USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]))', t);
  END LOOP;
END $$;
--> statement-breakpoint

ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE tenants FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
CREATE POLICY scope ON tenants FOR ALL
  USING ((SELECT berth_sees_all()) OR id = ANY ((SELECT berth_tenants())::uuid[]))
  -- A reseller's new tenant is not yet in its list; it may only be made as its own.
  WITH CHECK ((SELECT berth_sees_all()) OR reseller_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint

-- People: within the scope, and always oneself. Writing is for sign-in, set-up and account pages (scope system) and for
-- whoever may make tenants (provider; a reseller through the system actor after authorisation).
CREATE POLICY scope ON users FOR SELECT
  USING ((SELECT berth_sees_all()) OR id = (SELECT berth_user()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
CREATE POLICY make ON users FOR INSERT WITH CHECK ((SELECT berth_sees_all()));
--> statement-breakpoint
CREATE POLICY change ON users FOR UPDATE USING ((SELECT berth_is_system()) OR id = (SELECT berth_user()));
--> statement-breakpoint

-- Ways in: one's own, or the portal itself. Not even a provider's administrator reads these through the panel.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['sessions', 'api_tokens', 'login_tokens'] LOOP
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY own ON %I FOR ALL USING ((SELECT berth_is_system()) OR user_id = (SELECT berth_user()))', t);
  END LOOP;
END $$;
--> statement-breakpoint
ALTER TABLE sealed_values ENABLE ROW LEVEL SECURITY;
--> statement-breakpoint
ALTER TABLE sealed_values FORCE ROW LEVEL SECURITY;
--> statement-breakpoint
-- The web puts secrets in and never takes them out again.
CREATE POLICY put ON sealed_values FOR INSERT WITH CHECK (coalesce(current_setting('berth.actor_scope', true), 'none') <> 'none');
--> statement-breakpoint
CREATE POLICY take ON sealed_values FOR ALL USING ((SELECT berth_is_system()));
--> statement-breakpoint

-- Audit: everybody in scope adds, the scope reads; no policy and no grant lets anybody change or delete.
CREATE POLICY read ON audit_log FOR SELECT
  USING ((SELECT berth_sees_all()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
CREATE POLICY add ON audit_log FOR INSERT
  WITH CHECK ((SELECT berth_sees_all()) OR actor_id = (SELECT berth_user()) OR tenant_id = ANY ((SELECT berth_tenants())::uuid[]));
--> statement-breakpoint
CREATE FUNCTION berth_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the audit record is append-only';
END $$;
--> statement-breakpoint
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON audit_log FOR EACH ROW EXECUTE FUNCTION berth_audit_is_append_only();
--> statement-breakpoint

-- NOTIFY only wakes; readers fetch from the table in commit order. Delivered at commit, so the rows are there.
CREATE FUNCTION berth_wake() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('berth_events', '');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER wake AFTER INSERT ON events FOR EACH STATEMENT EXECUTE FUNCTION berth_wake();
--> statement-breakpoint
CREATE FUNCTION berth_session_revoked() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('berth_sessions', NEW.id::text);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER revoked AFTER UPDATE OF revoked_at ON sessions FOR EACH ROW
  WHEN (NEW.revoked_at IS NOT NULL AND OLD.revoked_at IS NULL) EXECUTE FUNCTION berth_session_revoked();
--> statement-breakpoint
CREATE TRIGGER revoked AFTER UPDATE OF revoked_at ON api_tokens FOR EACH ROW
  WHEN (NEW.revoked_at IS NOT NULL AND OLD.revoked_at IS NULL) EXECUTE FUNCTION berth_session_revoked();
--> statement-breakpoint

-- Least grants. Neither role owns anything, creates anything, truncates anything.
DO $$
BEGIN
  EXECUTE format('REVOKE ALL ON SCHEMA public FROM PUBLIC');
  EXECUTE format('GRANT USAGE ON SCHEMA public TO berth_web, berth_worker');
END $$;
--> statement-breakpoint
GRANT SELECT ON tenants, users, plans, hosts, templates, host_templates, containers, holds, port_forwards, operations,
  retained_volumes, backup_locations, repositories, backups, events, audit_log, service_heartbeats TO berth_web, berth_worker;
--> statement-breakpoint
GRANT INSERT ON events, audit_log, operations, sealed_values, outbox, service_heartbeats TO berth_web, berth_worker;
--> statement-breakpoint
GRANT USAGE ON SEQUENCE events_id_seq TO berth_web, berth_worker;
--> statement-breakpoint
GRANT UPDATE ON containers, operations, port_forwards, backups, retained_volumes, service_heartbeats, holds, hosts TO berth_web, berth_worker;
--> statement-breakpoint
GRANT INSERT ON containers, port_forwards, backups, repositories TO berth_web, berth_worker;
--> statement-breakpoint
GRANT INSERT ON tenants, users, plans, holds, hosts TO berth_web;
--> statement-breakpoint
GRANT INSERT ON templates, host_templates, retained_volumes, backup_locations TO berth_worker;
--> statement-breakpoint
GRANT DELETE ON port_forwards TO berth_web, berth_worker;
--> statement-breakpoint
-- Signing in is the web's business alone.
GRANT UPDATE (name, email, password_hash, disabled_at) ON users TO berth_web;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE ON sessions, api_tokens, login_tokens, enroll_tokens TO berth_web;
--> statement-breakpoint
GRANT SELECT, INSERT, UPDATE, DELETE ON login_throttle TO berth_web;
--> statement-breakpoint
-- Mail, secrets in transit, templates and clearing up are the worker's alone.
GRANT SELECT, UPDATE, DELETE ON outbox TO berth_worker;
--> statement-breakpoint
GRANT SELECT, UPDATE, DELETE ON sealed_values TO berth_worker;
--> statement-breakpoint
GRANT UPDATE ON templates, host_templates TO berth_worker;
--> statement-breakpoint
GRANT DELETE ON host_templates, events, sessions, api_tokens, login_tokens, login_throttle, service_heartbeats TO berth_worker;
--> statement-breakpoint
GRANT SELECT ON sessions, api_tokens, login_tokens, login_throttle TO berth_worker;
