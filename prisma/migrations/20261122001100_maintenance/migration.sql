-- Every server hears at once when maintenance mode begins, ends or is announced, whoever wrote it: docs/decisions/016.
-- The payload says nothing: whoever hears it reads the state anew.

CREATE FUNCTION immich_auth.maintenance_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('immich_auth_maintenance', 'changed');
	RETURN NULL;
END
$$;

CREATE TRIGGER immich_auth_maintenance_written AFTER INSERT OR UPDATE ON "system_metadata"
	FOR EACH ROW WHEN (NEW."key" = 'maintenance-mode') EXECUTE FUNCTION immich_auth.maintenance_changed();
CREATE TRIGGER immich_auth_maintenance_deleted AFTER DELETE ON "system_metadata"
	FOR EACH ROW WHEN (OLD."key" = 'maintenance-mode') EXECUTE FUNCTION immich_auth.maintenance_changed();
CREATE TRIGGER immich_auth_maintenance_emptied AFTER TRUNCATE ON "system_metadata"
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.maintenance_changed();

CREATE TRIGGER immich_auth_maintenance_written AFTER INSERT OR UPDATE ON "immich_auth"."setting"
	FOR EACH ROW WHEN (NEW."key" = 'maintenance') EXECUTE FUNCTION immich_auth.maintenance_changed();
CREATE TRIGGER immich_auth_maintenance_deleted AFTER DELETE ON "immich_auth"."setting"
	FOR EACH ROW WHEN (OLD."key" = 'maintenance') EXECUTE FUNCTION immich_auth.maintenance_changed();
CREATE TRIGGER immich_auth_maintenance_emptied AFTER TRUNCATE ON "immich_auth"."setting"
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.maintenance_changed();
