-- CreateTable
CREATE TABLE "immich_auth"."partner_request" (
    "sharedById" UUID NOT NULL,
    "sharedWithId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expiresAt" TIMESTAMPTZ(6) NOT NULL,
    "declinedAt" TIMESTAMPTZ(6),

    CONSTRAINT "partner_request_pkey" PRIMARY KEY ("sharedById","sharedWithId")
);

-- CreateIndex
CREATE INDEX "partner_request_sharedWithId_idx" ON "immich_auth"."partner_request"("sharedWithId");

-- CreateIndex
CREATE INDEX "partner_request_expiresAt_idx" ON "immich_auth"."partner_request"("expiresAt");

-- AddForeignKey
ALTER TABLE "immich_auth"."partner_request" ADD CONSTRAINT "partner_request_sharedById_fkey" FOREIGN KEY ("sharedById") REFERENCES "public"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "immich_auth"."partner_request" ADD CONSTRAINT "partner_request_sharedWithId_fkey" FOREIGN KEY ("sharedWithId") REFERENCES "public"."user"("id") ON DELETE CASCADE ON UPDATE CASCADE;
