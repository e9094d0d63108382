import type { Album } from '#lib/contract/albums/album.ts';
import { noAccess } from '#lib/server/features/access/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { toAlbumDto } from './album-dto.ts';
import type { AlbumUserRow } from './album-user.repository.ts';
import type { AlbumRepositories } from './repositories.ts';

type Readable = Pick<AlbumRepositories, 'albums' | 'albumUsers'>;

/** Reads albums that the caller has access to, newest first, in two queries regardless of their number. */
export async function listAlbums(
	{ albums, albumUsers }: Readable,
	auth: Auth,
	ids: readonly string[]
): Promise<Album[]> {
	const [rows, members] = [await albums.list(ids), await albumUsers.list(ids)];
	const byAlbum = new Map<string, AlbumUserRow[]>(rows.map(({ id }) => [id, []]));
	for (const member of members) byAlbum.get(member.albumId)?.push(member);
	return rows.map((row) => toAlbumDto(row, byAlbum.get(row.id) ?? [], auth.user.id));
}

/**
 * Reads an album that the caller has access to.
 * @throws {AppError} 400 if it has been deleted since that was checked
 */
export async function getAlbum(repositories: Readable, auth: Auth, id: string): Promise<Album> {
	const [album] = await listAlbums(repositories, auth, [id]);
	if (!album) throw noAccess('album.read');
	return album;
}
