import path from 'node:path';
import type { Page } from 'playwright/test';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { buildPhoto } from '../../support/photos.ts';
import { Sharing } from '../../support/sharing.ts';

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

/** Creates rows of albums and their photos in the database of a running server. */
export async function withSharing<Result>(
	dataDir: string,
	run: (sharing: Sharing) => Promise<Result>
): Promise<Result> {
	const database = await openDatabase({ dataDir, migrationsDir, maxConnections: 1 });
	try {
		return await run(new Sharing(database.prisma));
	} finally {
		await database.close();
	}
}

/** Answers requests for thumbnails with a picture: photos that are only rows have no files. */
export async function paintThumbnails(page: Page): Promise<void> {
	const colors = ['#8da9c4', '#c4a58d', '#9ac48d', '#b58dc4', '#c48d9a', '#8dc4bd'];
	await page.route(/\/api\/assets\/[^/]+\/thumbnail/, (route) => {
		const seed = [...route.request().url()].reduce((sum, letter) => sum + (letter.codePointAt(0) ?? 0), 0);
		const color = colors[seed % colors.length] ?? '';
		const body = `<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><rect width="400" height="300" fill="${color}"/></svg>`;
		return route.fulfill({ contentType: 'image/svg+xml', body });
	});
}

/** Lets the unlocked sessions of a user lock by themselves after so many milliseconds. */
export async function endUnlock(dataDir: string, userId: string, afterMs: number): Promise<void> {
	const database = await openDatabase({ dataDir, migrationsDir, maxConnections: 1 });
	try {
		const pinExpiresAt = new Date(Date.now() + afterMs);
		await database.prisma.session.updateMany({
			where: { userId, pinExpiresAt: { not: null } },
			data: { pinExpiresAt }
		});
	} finally {
		await database.close();
	}
}
