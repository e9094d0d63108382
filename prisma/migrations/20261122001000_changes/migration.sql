-- Whoever remembers people and their credentials hears at once when one of them changes: docs/decisions/015.
-- The payload is the id of the person, or * when many changed at once or a table was emptied.

-- The argument names the column that holds the person's id; every trigger calls its rows `changed_rows`.
CREATE FUNCTION immich_auth.people_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
	ids uuid[];
	changed uuid;
BEGIN
	IF TG_OP <> 'TRUNCATE' THEN
		EXECUTE format('SELECT array_agg(id) FROM (SELECT DISTINCT %I AS id FROM changed_rows LIMIT 101) AS distinct_ids', TG_ARGV[0])
			INTO ids;
	END IF;
	IF TG_OP = 'TRUNCATE' OR cardinality(ids) > 100 THEN
		PERFORM pg_notify('immich_auth_people', '*');
	ELSIF ids IS NOT NULL THEN
		FOREACH changed IN ARRAY ids LOOP
			PERFORM pg_notify('immich_auth_people', changed::text);
		END LOOP;
	END IF;
	RETURN NULL;
END
$$;

CREATE TRIGGER immich_auth_people_updated AFTER UPDATE ON "user"
	REFERENCING OLD TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('id');
CREATE TRIGGER immich_auth_people_deleted AFTER DELETE ON "user"
	REFERENCING OLD TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('id');
CREATE TRIGGER immich_auth_people_emptied AFTER TRUNCATE ON "user"
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('id');

CREATE TRIGGER immich_auth_people_updated AFTER UPDATE ON "session"
	REFERENCING OLD TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');
CREATE TRIGGER immich_auth_people_deleted AFTER DELETE ON "session"
	REFERENCING OLD TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');
CREATE TRIGGER immich_auth_people_emptied AFTER TRUNCATE ON "session"
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');

CREATE TRIGGER immich_auth_people_updated AFTER UPDATE ON "api_key"
	REFERENCING OLD TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');
CREATE TRIGGER immich_auth_people_deleted AFTER DELETE ON "api_key"
	REFERENCING OLD TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');
CREATE TRIGGER immich_auth_people_emptied AFTER TRUNCATE ON "api_key"
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');

CREATE TRIGGER immich_auth_people_updated AFTER UPDATE ON "user_metadata"
	REFERENCING OLD TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');
CREATE TRIGGER immich_auth_people_deleted AFTER DELETE ON "user_metadata"
	REFERENCING OLD TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');
CREATE TRIGGER immich_auth_people_inserted AFTER INSERT ON "user_metadata"
	REFERENCING NEW TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');
CREATE TRIGGER immich_auth_people_emptied AFTER TRUNCATE ON "user_metadata"
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');

CREATE TRIGGER immich_auth_people_updated AFTER UPDATE ON "immich_auth"."password_state"
	REFERENCING OLD TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');
CREATE TRIGGER immich_auth_people_deleted AFTER DELETE ON "immich_auth"."password_state"
	REFERENCING OLD TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');
CREATE TRIGGER immich_auth_people_inserted AFTER INSERT ON "immich_auth"."password_state"
	REFERENCING NEW TABLE AS changed_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');
CREATE TRIGGER immich_auth_people_emptied AFTER TRUNCATE ON "immich_auth"."password_state"
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.people_changed('userId');

-- Usage is written there every few seconds; only when a key ends concerns whoever remembers it.
CREATE FUNCTION immich_auth.api_key_end_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('immich_auth_people', "userId"::text) FROM "api_key" WHERE "id" = NEW."keyId";
	RETURN NULL;
END
$$;

CREATE TRIGGER immich_auth_people_key_end_set AFTER INSERT ON "immich_auth"."api_key_state"
	FOR EACH ROW WHEN (NEW."expiresAt" IS NOT NULL) EXECUTE FUNCTION immich_auth.api_key_end_changed();
CREATE TRIGGER immich_auth_people_key_end_changed AFTER UPDATE ON "immich_auth"."api_key_state"
	FOR EACH ROW WHEN (NEW."expiresAt" IS DISTINCT FROM OLD."expiresAt") EXECUTE FUNCTION immich_auth.api_key_end_changed();
