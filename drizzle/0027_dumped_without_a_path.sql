-- pg_dump reads tables with an empty search path, and their policies with it: what these call must name its schema. Without this no
-- copy of the panel could be made since resellers came.
CREATE OR REPLACE FUNCTION berth_resellers() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT public.berth_tenants() || coalesce((SELECT array_agg(t.reseller_id) FROM public.tenants t
    WHERE t.id = ANY (public.berth_tenants() || public.berth_part_tenants()) AND t.reseller_id IS NOT NULL), '{}')
$$;
--> statement-breakpoint
CREATE OR REPLACE FUNCTION berth_is_reseller(reseller uuid) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT reseller = ANY (public.berth_tenants()) AND EXISTS (SELECT FROM public.tenants WHERE id = reseller AND kind = 'reseller')
$$;
