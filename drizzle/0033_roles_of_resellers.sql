-- Roles that a reseller has made for its tenants' people are read in its tenants, which give them.
CREATE POLICY of_reseller ON roles FOR SELECT USING (base LIKE 'tenant-%' AND tenant_id IN (
  SELECT t.reseller_id FROM tenants t WHERE t.id = ANY ((SELECT berth_tenants())::uuid[])));
