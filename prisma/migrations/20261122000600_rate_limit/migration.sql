-- How often something was tried; the table that rate-limiter-flexible works on.
-- CreateTable
CREATE TABLE "immich_auth"."rate_limit" (
	"key" VARCHAR(255) NOT NULL,
	"points" INTEGER NOT NULL DEFAULT 0,
	"expire" BIGINT,

	CONSTRAINT "rate_limit_pkey" PRIMARY KEY ("key")
);
