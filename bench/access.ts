import path from 'node:path';
import { createStore } from '#lib/server/app/store.ts';
import { checkAccess } from '#lib/server/features/access/index.ts';
import { openDatabase, type Database } from '#lib/server/platform/database/database.ts';
import { startFreshServer } from '#tests/support/server.ts';
import { asLink, asUser, Sharing } from '#tests/support/sharing.ts';
import { testVault } from '#tests/support/vault.ts';
import type { Figure } from './targets.ts';

const assetCount = 1_000_000;
const ownerCount = 10;
const albumCount = 200;
const albumSize = 10_000;
const idCount = 1_000;
const rounds = 40;

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Measures how long a check of 1,000 assets takes among a million, against reading as many rows by their primary keys. */
export async function measureAccess(): Promise<Figure[]> {
	const server = await startFreshServer({ IMMICH_LOG_LEVEL: 'error' });
	const database = await openDatabase({ dataDir: server.dataDir, migrationsDir: path.resolve('prisma/migrations') });
	try {
		const store = createStore({ ...database, vault: testVault });
		const { callers, ids } = await fill(database);
		const timesMs = new Map<string, number[]>();
		const note = (what: string, startedAt: number) =>
			timesMs.set(what, [...(timesMs.get(what) ?? []), performance.now() - startedAt]);
		for (let round = -5; round < rounds; round++) {
			const startedAt = performance.now();
			await database.pool.query('SELECT "id", "ownerId", "visibility" FROM "asset" WHERE "id" = ANY($1)', [ids]);
			if (round >= 0) note('keys', startedAt);
			for (const [name, auth] of Object.entries(callers)) {
				const checkedAt = performance.now();
				await checkAccess(store, { auth, permission: 'asset.read', ids });
				if (round >= 0) note(name, checkedAt);
			}
		}
		const keysMs = median(timesMs.get('keys') ?? []);
		return Object.keys(callers).map((name) => {
			const ms = median(timesMs.get(name) ?? []);
			return {
				what: `check of ${idCount} assets among 1,000,000, ${name}`,
				measured: `${ms.toFixed(1)} ms`,
				against: `the same rows by primary key: ${keysMs.toFixed(1)} ms`,
				ratio: (ms / keysMs).toFixed(1),
				aim: '< 20 ms'
			};
		});
	} finally {
		await database.close();
		await server.stop();
	}
}

/** One user has a tenth of the photos, is in 200 albums of 10,000 and the partner of another; a link shows one album. */
async function fill({ pool, prisma }: Database) {
	const sharing = new Sharing(prisma);
	const owners: string[] = [];
	for (let count = 0; count < ownerCount; count++) owners.push(await sharing.makeUser());
	await pool.query(
		`INSERT INTO "asset" ("ownerId", "type", "originalPath", "originalFileName", "fileCreatedAt", "fileModifiedAt",
			"localDateTime", "checksum", "checksumAlgorithm")
		SELECT ($1::uuid[])[1 + number % ${ownerCount}], 'IMAGE', '/photos/' || number || '.jpg', number || '.jpg', moment, moment, moment,
			decode(md5(number::text), 'hex'), 'sha1'
		FROM generate_series(1, ${assetCount}) AS number, LATERAL (SELECT now() - number * interval '1 minute' AS moment) AS taken`,
		[owners]
	);
	const [user = '', partner = '', albumOwner = ''] = owners;
	await sharing.makePartner(partner, user);
	const albums: string[] = [];
	for (let count = 0; count < albumCount; count++)
		albums.push(
			await sharing.makeAlbum([
				[albumOwner, 'owner'],
				[user, 'viewer']
			])
		);
	await pool.query(
		`INSERT INTO "album_asset" ("albumId", "assetId")
		SELECT album, asset."id" FROM unnest($1::uuid[]) WITH ORDINALITY AS albums (album, place), LATERAL (
			SELECT "id" FROM "asset" WHERE "ownerId" = $2 ORDER BY "id" OFFSET place * 400 LIMIT ${albumSize}
		) AS asset`,
		[albums, albumOwner]
	);
	await pool.query('VACUUM (ANALYZE) "asset", "album_asset", "album_user"');
	const { rows } = await pool.query<{ id: string }>(
		`SELECT "id" FROM unnest($1::uuid[]) AS owners (owner), LATERAL (
			SELECT "id" FROM "asset" WHERE "ownerId" = owner ORDER BY md5("id"::text) LIMIT ${idCount / 4}
		) AS chosen`,
		[owners.slice(0, 4)]
	);
	const [albumId = ''] = albums;
	const link = await sharing.makeLink(albumOwner, { albumId });
	return {
		ids: rows.map(({ id }) => id),
		callers: { 'by a user': asUser(user), 'by a link': asLink(albumOwner, link.id, { albumId }) }
	};
}
