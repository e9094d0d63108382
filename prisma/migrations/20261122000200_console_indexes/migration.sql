-- Indexes of ours on Immich's user table, and nothing but indexes: the console sorts by each of these columns and pages by
-- (column, id), and searches for a part of a name or an e-mail address.
CREATE INDEX "immich_auth_user_created_at" ON "public"."user" ("createdAt" DESC, "id" DESC);
CREATE INDEX "immich_auth_user_lower_name" ON "public"."user" (lower("name"), "id");
CREATE INDEX "immich_auth_user_email" ON "public"."user" ("email", "id");
CREATE INDEX "immich_auth_user_quota_usage" ON "public"."user" ("quotaUsageInBytes", "id");

-- Without the extension a search reads the whole table: slower, not wrong.
DO $$
DECLARE
	extension_schema text;
BEGIN
	BEGIN
		IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'pg_trgm') THEN
			CREATE EXTENSION IF NOT EXISTS pg_trgm WITH SCHEMA public;
		END IF;
	EXCEPTION
		WHEN insufficient_privilege OR feature_not_supported OR undefined_file THEN NULL;
	END;
	SELECT nspname INTO extension_schema
		FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
		WHERE extname = 'pg_trgm';
	IF extension_schema IS NOT NULL THEN
		EXECUTE format(
			'CREATE INDEX "immich_auth_user_lower_name_trigram" ON "public"."user" USING gin (lower("name") %I.gin_trgm_ops)',
			extension_schema
		);
		EXECUTE format(
			'CREATE INDEX "immich_auth_user_email_trigram" ON "public"."user" USING gin ("email" %I.gin_trgm_ops)',
			extension_schema
		);
	END IF;
END
$$;
