-- Immich's own tables, as far as accounts need them. Where Immich has made them already, this file is recorded as applied
-- and not run. The suffix `_mirror` marks it for the runner.

-- Immich's defaults call uuid_generate_v4(). A server that does not ship the extension, or a role that may not create it,
-- gets a function of that name.
DO $$
BEGIN
	BEGIN
		IF EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'uuid-ossp') THEN
			CREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA public;
		END IF;
	EXCEPTION
		WHEN insufficient_privilege OR feature_not_supported OR undefined_file THEN NULL;
	END;
	IF to_regprocedure('uuid_generate_v4()') IS NULL THEN
		CREATE FUNCTION public.uuid_generate_v4() RETURNS uuid
			LANGUAGE sql VOLATILE PARALLEL SAFE
			AS 'SELECT gen_random_uuid()';
	END IF;
END
$$;

-- A UUID version 7 (RFC 9562 §5.7): 48 bits of milliseconds, then 12 bits of the fraction of that millisecond (§6.2, method 3),
-- so that ids sort by time down to the microsecond. The rest, with its variant bits, is the tail of a version 4 UUID.
CREATE FUNCTION "public"."immich_uuid_v7"(p_timestamp timestamp with time zone DEFAULT clock_timestamp()) RETURNS uuid
	LANGUAGE sql VOLATILE PARALLEL SAFE
	AS $$
		SELECT (
			lpad(to_hex(micros / 1000), 12, '0')
			|| '7' || lpad(to_hex(micros % 1000 * 4096 / 1000), 3, '0')
			|| right(replace(gen_random_uuid()::text, '-', ''), 16)
		)::uuid
		FROM (SELECT (extract(epoch FROM p_timestamp) * 1000000)::bigint AS micros) AS instant
	$$;

CREATE FUNCTION "public"."updated_at"() RETURNS trigger
	LANGUAGE plpgsql
	AS $$
		DECLARE
			changed_at timestamp with time zone := clock_timestamp();
		BEGIN
			NEW."updatedAt" := changed_at;
			NEW."updateId" := public.immich_uuid_v7(changed_at);
			RETURN NEW;
		END
	$$;

CREATE FUNCTION "public"."user_delete_audit"() RETURNS trigger
	LANGUAGE plpgsql
	AS $$
		BEGIN
			INSERT INTO public.user_audit ("userId") SELECT "id" FROM deleted;
			RETURN NULL;
		END
	$$;

CREATE FUNCTION "public"."user_metadata_audit"() RETURNS trigger
	LANGUAGE plpgsql
	AS $$
		BEGIN
			INSERT INTO public.user_metadata_audit ("userId", "key") SELECT "userId", "key" FROM deleted;
			RETURN NULL;
		END
	$$;

CREATE TABLE "public"."cluster_group" (
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	CONSTRAINT "cluster_group_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "public"."user" (
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"email" VARCHAR NOT NULL,
	"password" VARCHAR,
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"profileImagePath" VARCHAR NOT NULL DEFAULT '',
	"isAdmin" BOOLEAN NOT NULL DEFAULT false,
	"shouldChangePassword" BOOLEAN NOT NULL DEFAULT true,
	"deletedAt" TIMESTAMPTZ,
	"oauthId" VARCHAR NOT NULL DEFAULT '',
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"storageLabel" VARCHAR,
	"name" VARCHAR NOT NULL DEFAULT '',
	"quotaSizeInBytes" BIGINT,
	"quotaUsageInBytes" BIGINT NOT NULL DEFAULT 0,
	"status" VARCHAR NOT NULL DEFAULT 'active',
	"profileChangedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"avatarColor" VARCHAR,
	"pinCode" VARCHAR,
	"clusterGroupId" UUID NOT NULL,
	CONSTRAINT "user_pkey" PRIMARY KEY ("id"),
	CONSTRAINT "user_email_uq" UNIQUE ("email"),
	CONSTRAINT "user_storageLabel_uq" UNIQUE ("storageLabel"),
	CONSTRAINT "user_clusterGroupId_fkey" FOREIGN KEY ("clusterGroupId") REFERENCES "public"."cluster_group" ("id") ON UPDATE CASCADE
);

CREATE TABLE "public"."session" (
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"token" BYTEA NOT NULL,
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"userId" UUID NOT NULL,
	"deviceType" VARCHAR NOT NULL DEFAULT '',
	"deviceOS" VARCHAR NOT NULL DEFAULT '',
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"pinExpiresAt" TIMESTAMPTZ,
	"expiresAt" TIMESTAMPTZ,
	"parentId" UUID,
	"isPendingSyncReset" BOOLEAN NOT NULL DEFAULT false,
	"appVersion" VARCHAR,
	"oauthSid" VARCHAR,
	"oauthBearerToken" VARCHAR,
	CONSTRAINT "session_pkey" PRIMARY KEY ("id"),
	CONSTRAINT "session_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE,
	CONSTRAINT "session_parentId_fkey" FOREIGN KEY ("parentId") REFERENCES "public"."session" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "public"."api_key" (
	"name" VARCHAR NOT NULL,
	"key" BYTEA NOT NULL,
	"userId" UUID NOT NULL,
	"createdAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	"id" UUID NOT NULL DEFAULT uuid_generate_v4(),
	"permissions" VARCHAR[] NOT NULL,
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	CONSTRAINT "api_key_pkey" PRIMARY KEY ("id"),
	CONSTRAINT "api_key_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "public"."user_metadata" (
	"userId" UUID NOT NULL,
	"key" VARCHAR NOT NULL,
	"value" JSONB NOT NULL,
	"updateId" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"updatedAt" TIMESTAMPTZ NOT NULL DEFAULT now(),
	CONSTRAINT "user_metadata_pkey" PRIMARY KEY ("userId", "key"),
	CONSTRAINT "user_metadata_userId_fkey" FOREIGN KEY ("userId") REFERENCES "public"."user" ("id") ON UPDATE CASCADE ON DELETE CASCADE
);

CREATE TABLE "public"."system_metadata" (
	"key" VARCHAR NOT NULL,
	"value" JSONB NOT NULL,
	CONSTRAINT "system_metadata_pkey" PRIMARY KEY ("key")
);

CREATE TABLE "public"."user_audit" (
	"userId" UUID NOT NULL,
	"deletedAt" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
	"id" UUID NOT NULL DEFAULT immich_uuid_v7(),
	CONSTRAINT "user_audit_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "public"."user_metadata_audit" (
	"id" UUID NOT NULL DEFAULT immich_uuid_v7(),
	"userId" UUID NOT NULL,
	"key" VARCHAR NOT NULL,
	"deletedAt" TIMESTAMPTZ NOT NULL DEFAULT clock_timestamp(),
	CONSTRAINT "user_metadata_audit_pkey" PRIMARY KEY ("id")
);

CREATE INDEX "cluster_group_updateId_idx" ON "public"."cluster_group" ("updateId");

CREATE INDEX "user_updateId_idx" ON "public"."user" ("updateId");
CREATE INDEX "user_updatedAt_id_idx" ON "public"."user" ("updatedAt", "id");
CREATE INDEX "user_clusterGroupId_idx" ON "public"."user" ("clusterGroupId");

CREATE INDEX "session_token_idx" ON "public"."session" ("token");
CREATE INDEX "session_userId_idx" ON "public"."session" ("userId");
CREATE INDEX "session_parentId_idx" ON "public"."session" ("parentId");
CREATE INDEX "session_oauthSid_idx" ON "public"."session" ("oauthSid");
CREATE INDEX "session_updateId_idx" ON "public"."session" ("updateId");

CREATE INDEX "api_key_key_idx" ON "public"."api_key" ("key");
CREATE INDEX "api_key_userId_idx" ON "public"."api_key" ("userId");
CREATE INDEX "api_key_updateId_idx" ON "public"."api_key" ("updateId");

CREATE INDEX "IDX_user_metadata_update_id" ON "public"."user_metadata" ("updateId");
CREATE INDEX "IDX_user_metadata_updated_at" ON "public"."user_metadata" ("updatedAt");

CREATE INDEX "user_audit_deletedAt_idx" ON "public"."user_audit" ("deletedAt");

CREATE INDEX "IDX_user_metadata_audit_user_id" ON "public"."user_metadata_audit" ("userId");
CREATE INDEX "IDX_user_metadata_audit_key" ON "public"."user_metadata_audit" ("key");
CREATE INDEX "IDX_user_metadata_audit_deleted_at" ON "public"."user_metadata_audit" ("deletedAt");

CREATE TRIGGER "cluster_group_updatedAt" BEFORE UPDATE ON "public"."cluster_group" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "user_updatedAt" BEFORE UPDATE ON "public"."user" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "session_updatedAt" BEFORE UPDATE ON "public"."session" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "api_key_updatedAt" BEFORE UPDATE ON "public"."api_key" FOR EACH ROW EXECUTE FUNCTION updated_at();
CREATE TRIGGER "user_metadata_updated_at" BEFORE UPDATE ON "public"."user_metadata" FOR EACH ROW EXECUTE FUNCTION updated_at();

-- Only what a client would otherwise never hear of: metadata that goes with its user is told of by the user's own row.
CREATE TRIGGER "user_delete_audit" AFTER DELETE ON "public"."user" REFERENCING OLD TABLE AS deleted
	FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION user_delete_audit();
CREATE TRIGGER "user_metadata_audit" AFTER DELETE ON "public"."user_metadata" REFERENCING OLD TABLE AS deleted
	FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION user_metadata_audit();
