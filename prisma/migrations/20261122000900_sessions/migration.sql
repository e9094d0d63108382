-- Where sessions come from and which devices a person has had; both beside Immich's `session`, never in it.
-- CreateTable
CREATE TABLE "immich_auth"."session_origin" (
	"sessionId" UUID NOT NULL,
	"signInAddress" VARCHAR,
	"lastAddress" VARCHAR,
	"newUntil" TIMESTAMPTZ(6),

	CONSTRAINT "session_origin_pkey" PRIMARY KEY ("sessionId")
);

-- CreateTable
CREATE TABLE "immich_auth"."known_device" (
	"userId" UUID NOT NULL,
	"deviceType" VARCHAR NOT NULL,
	"deviceOS" VARCHAR NOT NULL,
	"isApp" BOOLEAN NOT NULL,
	"firstSeenAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

	CONSTRAINT "known_device_pkey" PRIMARY KEY ("userId", "deviceType", "deviceOS", "isApp")
);

-- AddForeignKey
ALTER TABLE "immich_auth"."session_origin" ADD CONSTRAINT "session_origin_sessionId_fkey"
	FOREIGN KEY ("sessionId") REFERENCES "public"."session" ("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "immich_auth"."known_device" ADD CONSTRAINT "known_device_userId_fkey"
	FOREIGN KEY ("userId") REFERENCES "public"."user" ("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By this the limits of age differ: docs/decisions/014. Rows that Immich made are told apart as well as ours.
CREATE FUNCTION "immich_auth"."device_class"("deviceType" text, "deviceOS" text, "appVersion" text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
	SELECT CASE
		WHEN "appVersion" IS NOT NULL THEN 'mobile'
		WHEN "deviceType" ~* '\m(chrome|chromium|firefox|safari|edge|opera|brave|vivaldi|webkit|epiphany|librewolf|silk|duckduckgo|internet|explorer|browser|webview)\M'
			THEN 'web'
		WHEN "deviceOS" ~* '^(android|ios|ipados|harmonyos)$' THEN 'mobile'
		ELSE 'other'
	END
$$;
