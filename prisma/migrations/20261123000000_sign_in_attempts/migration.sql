-- In the order of bytes, the key's index also finds all keys that begin alike, whatever this database's language is.
ALTER TABLE "immich_auth"."rate_limit" ALTER COLUMN "key" SET DATA TYPE VARCHAR(255) COLLATE "C";
