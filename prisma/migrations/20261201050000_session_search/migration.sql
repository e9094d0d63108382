-- Indexes of ours on Immich's session table, and nothing but indexes: an admin lists everyone's sessions by last use, and finds
-- them by app version or a part of the device's name.
CREATE INDEX "immich_auth_session_used" ON "public"."session" ("updatedAt" DESC, "id" DESC);
CREATE INDEX "immich_auth_session_app" ON "public"."session" ("appVersion" text_pattern_ops)
	WHERE ("appVersion" IS NOT NULL);

-- Where sessions were last used from, and the programs that have a name of their own.
CREATE INDEX "session_origin_lastAddress_idx" ON "immich_auth"."session_origin" ("lastAddress" text_pattern_ops)
	WHERE ("lastAddress" IS NOT NULL);
CREATE INDEX "session_origin_clientName_idx" ON "immich_auth"."session_origin" ("clientName") WHERE ("clientName" IS NOT NULL);

-- What the console shows of a device, in lower case: `deviceName` in the contract.
CREATE FUNCTION "immich_auth"."device_name"("deviceType" text, "deviceOS" text, "appVersion" text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT lower(CASE
		WHEN "appVersion" IS NOT NULL AND "deviceOS" = '' THEN 'Immich app ' || "appVersion"
		WHEN "appVersion" IS NOT NULL THEN 'Immich app ' || "appVersion" || ' on ' || "deviceOS"
		WHEN "deviceType" = '' AND "deviceOS" = '' THEN 'Unknown device'
		WHEN "deviceType" = '' OR "deviceOS" = '' OR "deviceType" LIKE '%' || "deviceOS" THEN "deviceType" || "deviceOS"
		ELSE "deviceType" || ' on ' || "deviceOS"
	END)
$$;

-- Without the extension a search for a device reads the whole table: slower, not wrong.
DO $$
DECLARE
	extension_schema text;
BEGIN
	SELECT nspname INTO extension_schema
	FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace WHERE extname = 'pg_trgm';
	IF extension_schema IS NOT NULL THEN
		EXECUTE format(
			'CREATE INDEX "immich_auth_session_device_trigram" ON "public"."session" USING gin ("immich_auth"."device_name"("deviceType", "deviceOS", "appVersion") %I.gin_trgm_ops)',
			extension_schema
		);
	END IF;
END $$;
