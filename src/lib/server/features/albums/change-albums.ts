import { type AccessRequest, requireAccess, requireLive } from '#lib/server/features/access/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import type { Store } from '#lib/server/platform/database/store.ts';
import type { AlbumTransaction } from './repositories.ts';

type Change<Repositories, Result> = (repositories: Repositories) => Promise<Result>;

/**
 * Makes a change in one transaction that locks the caller and then the albums. The loser of a race sees what the other one
 * did: access has to be checked inside.
 * @throws {AppError} 401 if the credential has ended
 */
export const changeAlbums = <Repositories extends AlbumTransaction, Result>(
	store: Store<Repositories>,
	auth: Auth,
	albumIds: readonly string[],
	change: Change<Repositories, Result>
): Promise<Result> =>
	store.transaction(async (repositories) => {
		await repositories.users.lock(auth.user.id);
		await requireLive(repositories, auth);
		await repositories.albums.lock(albumIds);
		return change(repositories);
	});

interface Wanted extends Pick<AccessRequest, 'permission'> {
	readonly auth: Auth;
	/** The album. */
	readonly id: string;
}

/**
 * The same for one album that the caller needs a permission for.
 * @throws {AppError} 400 without access, 401 if the credential has ended
 */
export const changeAlbum = <Repositories extends AlbumTransaction, Result>(
	store: Store<Repositories>,
	{ auth, permission, id }: Wanted,
	change: Change<Repositories, Result>
): Promise<Result> =>
	changeAlbums(store, auth, [id], async (repositories) => {
		await requireAccess(repositories, { auth, permission, ids: [id] });
		return change(repositories);
	});
