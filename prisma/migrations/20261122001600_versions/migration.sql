-- The versions that have worked on this database.

-- CreateTable
CREATE TABLE "immich_auth"."version_history" (
	"id" UUID NOT NULL DEFAULT gen_random_uuid(),
	"createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"version" VARCHAR NOT NULL,

	CONSTRAINT "version_history_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "version_history_version_key" ON "immich_auth"."version_history"("version");

-- Every instance hears what a look for a newer version has found: docs/decisions/020.
-- The payload says nothing: whoever hears it reads what was found.
CREATE FUNCTION immich_auth.version_checked() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	PERFORM pg_notify('immich_auth_releases', 'checked');
	RETURN NULL;
END
$$;

CREATE TRIGGER immich_auth_version_checked AFTER INSERT OR UPDATE ON "system_metadata"
	FOR EACH ROW WHEN (NEW."key" = 'version-check-state') EXECUTE FUNCTION immich_auth.version_checked();
