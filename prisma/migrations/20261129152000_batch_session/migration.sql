-- The session that started a batch. Unlinking users leaves that one signed in.
ALTER TABLE "immich_auth"."user_batch" ADD COLUMN "orderedBySession" UUID;
