-- How often each shared link was opened, per day.
-- CreateTable
CREATE TABLE "immich_auth"."shared_link_visit" (
	"linkId" UUID NOT NULL,
	"day" DATE NOT NULL,
	"count" INTEGER NOT NULL,

	CONSTRAINT "shared_link_visit_pkey" PRIMARY KEY ("linkId","day")
);

-- AddForeignKey
ALTER TABLE "immich_auth"."shared_link_visit" ADD CONSTRAINT "shared_link_visit_linkId_fkey" FOREIGN KEY ("linkId") REFERENCES "shared_link"("id") ON DELETE CASCADE ON UPDATE CASCADE;
