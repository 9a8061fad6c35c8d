-- The web speaks for people. What the portal does of its own accord is asked for by the worker alone, and the worker asks
-- nobody's right for that: so a web process that was taken over must not be able to write such a row, nor to make one of it.
CREATE FUNCTION berth_web_speaks_for_people() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_user = 'berth_web' AND (NEW.actor_kind <> 'user' OR NEW.actor_id IS NULL)
    AND (TG_OP = 'INSERT' OR NEW.actor_kind IS DISTINCT FROM OLD.actor_kind OR NEW.actor_id IS DISTINCT FROM OLD.actor_id)
  THEN
    RAISE EXCEPTION 'an operation asked for through the web needs a person';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER speaks_for_people BEFORE INSERT OR UPDATE ON operations FOR EACH ROW
  EXECUTE FUNCTION berth_web_speaks_for_people();
