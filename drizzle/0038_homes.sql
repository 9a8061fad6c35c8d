-- Who is removed from the account they belong to belongs to one where they have a role.
GRANT UPDATE (tenant_id) ON users TO berth_web;
--> statement-breakpoint
-- The role that an account begins with is of where it begins.
CREATE FUNCTION berth_other_home() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.role := NULL;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER other_home BEFORE UPDATE OF tenant_id ON users FOR EACH ROW
  WHEN (NEW.tenant_id IS DISTINCT FROM OLD.tenant_id) EXECUTE FUNCTION berth_other_home();
--> statement-breakpoint
-- Row-level security binds this file too.
SELECT set_config('berth.actor_scope', 'system', true);
--> statement-breakpoint
-- The same for those who were removed before, as lib/people/settle-roles.ts does it.
UPDATE users SET tenant_id = (
  SELECT CASE WHEN a.role LIKE 'tenant-%' THEN a.tenant_id WHEN a.role LIKE 'reseller-%' THEN (
    SELECT coalesce(t.reseller_id, t.id) FROM tenants t WHERE t.id = a.tenant_id) END
  FROM assignments a WHERE a.user_id = users.id ORDER BY a.created_at, a.id LIMIT 1)
WHERE EXISTS (SELECT FROM assignments a WHERE a.user_id = users.id) AND NOT EXISTS (
  SELECT FROM assignments a WHERE a.user_id = users.id AND CASE WHEN a.role LIKE 'tenant-%' THEN a.tenant_id WHEN a.role LIKE 'reseller-%' THEN (
    SELECT coalesce(t.reseller_id, t.id) FROM tenants t WHERE t.id = a.tenant_id) END IS NOT DISTINCT FROM users.tenant_id);
--> statement-breakpoint
-- Tokens of service accounts that somebody made whose account has ended since.
UPDATE api_tokens SET revoked_at = now() FROM users maker
WHERE maker.id = api_tokens.made_by AND maker.disabled_at IS NOT NULL AND api_tokens.revoked_at IS NULL;
