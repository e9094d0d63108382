-- Whoever shows accounts hears at once that some were made, changed or deleted: docs/decisions/020.
-- The payload is the ids of those that were deleted, separated by commas; none where they are too many to be named.

CREATE FUNCTION immich_auth.accounts_changed() RETURNS trigger
LANGUAGE plpgsql AS $$
DECLARE
	deleted text := '';
BEGIN
	IF TG_OP = 'UPDATE' THEN
		SELECT CASE WHEN count(*) <= 100 THEN coalesce(string_agg(before."id"::text, ','), '') ELSE '' END INTO deleted
		FROM old_rows AS before JOIN new_rows AS after USING ("id")
		WHERE before."deletedAt" IS NULL AND after."deletedAt" IS NOT NULL;
	ELSIF TG_OP = 'DELETE' THEN
		SELECT CASE WHEN count(*) <= 100 THEN coalesce(string_agg("id"::text, ','), '') ELSE '' END INTO deleted FROM old_rows;
	END IF;
	PERFORM pg_notify('immich_auth_accounts', deleted);
	RETURN NULL;
END
$$;

CREATE TRIGGER immich_auth_accounts_inserted AFTER INSERT ON "user"
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.accounts_changed();
CREATE TRIGGER immich_auth_accounts_updated AFTER UPDATE ON "user"
	REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.accounts_changed();
CREATE TRIGGER immich_auth_accounts_deleted AFTER DELETE ON "user"
	REFERENCING OLD TABLE AS old_rows
	FOR EACH STATEMENT EXECUTE FUNCTION immich_auth.accounts_changed();

-- What the server tells a person reaches them at once; what an administrator writes is found when they look, as with Immich.
-- The payload is the id of the person and that of the notification.
CREATE FUNCTION immich_auth.notification_made() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('immich_auth_notifications', NEW."userId"::text || ':' || NEW."id"::text);
	RETURN NULL;
END
$$;

CREATE TRIGGER immich_auth_notification_made AFTER INSERT ON "notification"
	FOR EACH ROW WHEN (NEW."userId" IS NOT NULL AND NEW."type" <> 'Custom')
	EXECUTE FUNCTION immich_auth.notification_made();
