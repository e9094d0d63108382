-- Many accounts changed, or made, by one order: what was ordered, and what became of each.
-- CreateTable
CREATE TABLE "immich_auth"."user_batch" (
	"id" UUID NOT NULL DEFAULT gen_random_uuid(),
	"kind" VARCHAR NOT NULL,
	"options" JSONB NOT NULL,
	"total" INTEGER NOT NULL,
	"orderedBy" UUID NOT NULL,
	"createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
	"startedAt" TIMESTAMPTZ(6),
	"finishedAt" TIMESTAMPTZ(6),
	"leasedUntil" TIMESTAMPTZ(6),
	"sealingKey" JSONB,
	"openingKey" VARCHAR,

	CONSTRAINT "user_batch_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "immich_auth"."user_batch_item" (
	"batchId" UUID NOT NULL,
	"position" INTEGER NOT NULL,
	"userId" UUID,
	"email" VARCHAR NOT NULL,
	"input" JSONB,
	"outcome" VARCHAR,
	"reason" VARCHAR,
	"sealedPassword" VARCHAR,

	CONSTRAINT "user_batch_item_pkey" PRIMARY KEY ("batchId","position")
);

-- CreateIndex
CREATE INDEX "user_batch_createdAt_idx" ON "immich_auth"."user_batch"("createdAt" DESC);

-- CreateIndex
CREATE INDEX "user_batch_item_batchId_outcome_position_idx" ON "immich_auth"."user_batch_item"("batchId", "outcome", "position");

-- AddForeignKey
ALTER TABLE "immich_auth"."user_batch_item" ADD CONSTRAINT "user_batch_item_batchId_fkey" FOREIGN KEY ("batchId") REFERENCES "immich_auth"."user_batch"("id") ON DELETE CASCADE ON UPDATE CASCADE;
