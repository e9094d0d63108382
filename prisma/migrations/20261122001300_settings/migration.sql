-- Every server hears at once when settings change, whoever wrote them: docs/decisions/018.
-- The payload says nothing: whoever hears it reads the settings anew.

CREATE FUNCTION immich_auth.settings_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('immich_auth_settings', 'changed');
	RETURN NULL;
END
$$;

CREATE TRIGGER immich_auth_settings_written AFTER INSERT OR UPDATE ON "system_metadata"
	FOR EACH ROW WHEN (NEW."key" = 'system-config') EXECUTE FUNCTION immich_auth.settings_changed();
CREATE TRIGGER immich_auth_settings_deleted AFTER DELETE ON "system_metadata"
	FOR EACH ROW WHEN (OLD."key" = 'system-config') EXECUTE FUNCTION immich_auth.settings_changed();
CREATE TRIGGER immich_auth_settings_emptied AFTER TRUNCATE ON "system_metadata"
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.settings_changed();

CREATE TRIGGER immich_auth_settings_written AFTER INSERT OR UPDATE ON "immich_auth"."setting"
	FOR EACH ROW WHEN (NEW."key" = 'immich-auth') EXECUTE FUNCTION immich_auth.settings_changed();
CREATE TRIGGER immich_auth_settings_deleted AFTER DELETE ON "immich_auth"."setting"
	FOR EACH ROW WHEN (OLD."key" = 'immich-auth') EXECUTE FUNCTION immich_auth.settings_changed();
CREATE TRIGGER immich_auth_settings_emptied AFTER TRUNCATE ON "immich_auth"."setting"
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.settings_changed();
