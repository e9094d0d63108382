import path from 'node:path';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { Sharing } from '../../support/sharing.ts';

const migrationsDir = path.resolve(import.meta.dirname, '../../../prisma/migrations');

/** Inserts an album with so many photos into the database of a running server, and returns its ID. */
export async function addAlbum(
	dataDir: string,
	ownerId: string,
	{ name, photos, viewerId }: { readonly name: string; readonly photos: number; readonly viewerId?: string }
): Promise<string> {
	const database = await openDatabase({ dataDir, migrationsDir, maxConnections: 1 });
	try {
		const sharing = new Sharing(database.prisma);
		const ids: string[] = [];
		for (let number = 0; number < photos; number++)
			ids.push(await sharing.makePhoto(ownerId, { originalFileName: `Photo ${String(number)}.jpg` }));
		const members = [[ownerId, 'owner'] as const, ...(viewerId === undefined ? [] : [[viewerId, 'viewer'] as const])];
		const albumId = await sharing.makeAlbum(members, ids);
		await database.prisma.album.update({ where: { id: albumId }, data: { albumName: name } });
		return albumId;
	} finally {
		await database.close();
	}
}
