-- The networks that a user has signed in from, by kind of device. A known browser on an unknown network is a new device.
-- CreateTable
CREATE TABLE "immich_auth"."known_network" (
	"userId" UUID NOT NULL,
	"deviceType" VARCHAR NOT NULL,
	"deviceOS" VARCHAR NOT NULL,
	"isApp" BOOLEAN NOT NULL,
	"network" VARCHAR NOT NULL,
	"lastSeenAt" TIMESTAMPTZ(6) NOT NULL DEFAULT CURRENT_TIMESTAMP,

	CONSTRAINT "known_network_pkey" PRIMARY KEY ("userId", "deviceType", "deviceOS", "isApp", "network")
);

-- CreateIndex
CREATE INDEX "known_network_lastSeenAt_idx" ON "immich_auth"."known_network" ("lastSeenAt");

-- AddForeignKey
ALTER TABLE "immich_auth"."known_network" ADD CONSTRAINT "known_network_userId_fkey"
	FOREIGN KEY ("userId") REFERENCES "public"."user" ("id") ON DELETE CASCADE ON UPDATE CASCADE;
