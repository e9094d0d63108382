import path from 'node:path';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { buildPhoto } from '../../support/photos.ts';

const migrationsDir = path.resolve(import.meta.dirname, '../../../prisma/migrations');

/** Inserts photos into the database of a running server, with the number per upload day, written `2026-07-21`. */
export async function addPhotos(
	dataDir: string,
	ownerId: string,
	days: Readonly<Record<string, number>>
): Promise<void> {
	const database = await openDatabase({ dataDir, migrationsDir, maxConnections: 1 });
	try {
		const data = Object.entries(days).flatMap(([day, count]) =>
			Array.from({ length: count }, (_, index) =>
				buildPhoto(ownerId, { createdAt: new Date(`${day}T12:00:00Z`), type: index % 8 === 7 ? 'VIDEO' : 'IMAGE' })
			)
		);
		await database.prisma.asset.createMany({ data });
	} finally {
		await database.close();
	}
}

const dayMs = 86_400_000;

/** Inserts photos that were taken over the last years, seven a day. */
export async function addTimeline(dataDir: string, ownerId: string, count: number): Promise<void> {
	const database = await openDatabase({ dataDir, migrationsDir, maxConnections: 1 });
	try {
		const last = Date.parse('2026-06-30T12:00:00Z');
		const data = Array.from({ length: count }, (_, index) => {
			const moment = new Date(last - Math.floor(index / 7) * dayMs - (index % 7) * 60_000);
			return buildPhoto(ownerId, { localDateTime: moment, fileCreatedAt: moment });
		});
		await database.prisma.asset.createMany({ data });
	} finally {
		await database.close();
	}
}
