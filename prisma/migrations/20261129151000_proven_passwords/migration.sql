-- Whether a password was set by someone who had just proven who they are. One that was not proves nothing for ten minutes.
-- AlterTable
ALTER TABLE "immich_auth"."password_state" ADD COLUMN "isProven" BOOLEAN NOT NULL DEFAULT true;
