-- Which API key created another one. A key ends with the key that created it, however that ends.
-- CreateTable
CREATE TABLE "immich_auth"."api_key_parent" (
	"keyId" UUID NOT NULL,
	"parentId" UUID NOT NULL,

	CONSTRAINT "api_key_parent_pkey" PRIMARY KEY ("keyId")
);

-- CreateIndex
CREATE INDEX "api_key_parent_parentId_idx" ON "immich_auth"."api_key_parent" ("parentId");

-- AddForeignKey
ALTER TABLE "immich_auth"."api_key_parent" ADD CONSTRAINT "api_key_parent_keyId_fkey"
	FOREIGN KEY ("keyId") REFERENCES "public"."api_key" ("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "immich_auth"."api_key_parent" ADD CONSTRAINT "api_key_parent_parentId_fkey"
	FOREIGN KEY ("parentId") REFERENCES "public"."api_key" ("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- A deleted parent takes this row with it, and this row the key that it describes.
CREATE FUNCTION "immich_auth"."end_child_key"() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
	DELETE FROM "public"."api_key" WHERE "id" = OLD."keyId";
	RETURN NULL;
END
$$;

CREATE TRIGGER immich_auth_end_child_key AFTER DELETE ON "immich_auth"."api_key_parent"
	FOR EACH ROW EXECUTE FUNCTION "immich_auth"."end_child_key"();
