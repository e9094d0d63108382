import type { Asset } from '#lib/contract/assets/asset.ts';
import { toPhotos } from '#lib/contract/assets/grid-photo.ts';
import type { TimeBucketAssets, TimelineFilter } from '#lib/contract/assets/timeline.ts';
import { requireAccess } from '#lib/server/features/access/index.ts';
import { isElevated, type Auth } from '#lib/server/platform/caller/caller.ts';
import { badRequest, elevationRequired } from '#lib/server/platform/errors.ts';
import type { AssetStore } from './repositories.ts';
import type {
	BucketCount,
	DayCount,
	Neighbors,
	TimelineQuery,
	TimelineRow,
	TimelineScope
} from './timeline.repository.ts';

const hourMs = 3_600_000;
const withoutPartners = () =>
	badRequest('withPartners is only supported for the own timeline, without archived, favorite or deleted assets');

/** Timelines: one's own, a partner's, an album's, a shared link's. */
export class TimelineService {
	readonly #store: AssetStore;

	constructor(store: AssetStore) {
		this.#store = store;
	}

	/**
	 * Counts by month.
	 * @throws {AppError} 400 without access, 401 for locked assets in a session that isn't elevated
	 */
	async listBuckets(auth: Auth, filter: TimelineFilter): Promise<BucketCount[]> {
		const query = await this.#toQuery(auth, filter);
		return query ? this.#store.timeline.count(query, filter.order ?? 'desc') : [];
	}

	/**
	 * Counts the caller's own by day, newest first: all that the grid needs to lay itself out.
	 * @throws {AppError} as above
	 */
	async listDays(auth: Auth, filter: TimelineFilter): Promise<DayCount[]> {
		const query = await this.#toQuery(auth, filter);
		return query ? this.#store.timeline.countByDay(query) : [];
	}

	/**
	 * Lists the assets of a month.
	 * @throws {AppError} as above
	 */
	async readBucket(
		auth: Auth,
		{ timeBucket, ...filter }: TimelineFilter & { timeBucket: string }
	): Promise<TimeBucketAssets> {
		const query = await this.#toQuery(auth, filter);
		const rows = query ? await this.#store.timeline.list(query, timeBucket, filter.order ?? 'desc') : [];
		return toColumns(rows, auth, filter.withCoordinates ?? false);
	}

	/**
	 * Returns what a page of the grid needs: the days, and the photos of one month.
	 * @param month as `2026-03`; the newest one if it has no photos
	 * @throws {AppError} as above
	 */
	async readGrid(auth: Auth, filter: TimelineFilter, month: string | null) {
		const days = await this.listDays(auth, filter);
		const shown = days.find(({ day }) => day.slice(0, 7) === month)?.day ?? days[0]?.day ?? null;
		const shownMonth = shown?.slice(0, 7) ?? '';
		const columns = shown && (await this.readBucket(auth, { ...filter, timeBucket: `${shownMonth}-01` }));
		const query = new URLSearchParams(
			Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]))
		);
		return { days, month: shownMonth, query: query.toString(), photos: columns ? toPhotos(columns) : [] };
	}

	/** Finds the photos beside one of the caller's own, in the part of the library where it is. */
	async findNeighbors(
		auth: Auth,
		{ id, localDateTime, visibility, isTrashed }: Pick<Asset, 'id' | 'localDateTime' | 'visibility' | 'isTrashed'>
	): Promise<Neighbors> {
		const query = await this.#toQuery(auth, isTrashed ? { isTrashed } : { visibility });
		if (!query) return { newer: null, older: null };
		return this.#store.timeline.findNeighbors(query, { id, localDateTime: new Date(localDateTime) });
	}

	/** Returns null if nothing can match. */
	async #toQuery(auth: Auth, filter: TimelineFilter): Promise<TimelineQuery | null> {
		const { visibility, isTrashed = false, isFavorite, personId, tagId } = filter;
		if (visibility === 'locked' && !isElevated(auth)) throw elevationRequired();
		const scope = await this.#findScope(auth, filter);
		const isOthers = scope.kind !== 'own';
		// Only their owner sees the trash, locked assets and which ones are favorites.
		if (personId !== undefined || tagId !== undefined) return null;
		if (isOthers && (isTrashed || visibility === 'locked' || visibility === 'hidden' || isFavorite === true))
			return null;
		if (scope.kind === 'partner' && visibility === 'archive') return null;
		if (
			scope.kind === 'own' &&
			scope.withPartners &&
			(visibility !== 'timeline' || isFavorite !== undefined || isTrashed)
		)
			throw withoutPartners();
		return {
			scope,
			visibility: scope.kind === 'partner' ? 'timeline' : visibility,
			isTrashed,
			...(isOthers ? {} : { isFavorite })
		};
	}

	async #findScope(
		auth: Auth,
		{ albumId, userId, visibility, withPartners = false }: TimelineFilter
	): Promise<TimelineScope> {
		const { user, credential } = auth;
		if (credential.kind === 'sharedLink' && credential.albumId === null && albumId === undefined)
			return { kind: 'link', linkId: credential.linkId };
		const wantedAlbum = albumId ?? (credential.kind === 'sharedLink' ? credential.albumId : null);
		if (wantedAlbum !== null) {
			await requireAccess(this.#store, { auth, permission: 'album.read', ids: [wantedAlbum] });
			return { kind: 'album', albumId: wantedAlbum };
		}
		const ownerId = userId ?? user.id;
		await requireAccess(this.#store, { auth, permission: 'timeline.read', ids: [ownerId] });
		if (visibility === 'archive')
			await requireAccess(this.#store, { auth, permission: 'archive.read', ids: [ownerId] });
		return ownerId === user.id ? { kind: 'own', userId: ownerId, withPartners } : { kind: 'partner', userId: ownerId };
	}
}

function toColumns(
	rows: readonly TimelineRow[],
	{ user, credential }: Auth,
	withCoordinates: boolean
): TimeBucketAssets {
	const isVisitor = credential.kind === 'sharedLink';
	const isHidden = isVisitor && !credential.showMetadata;
	const toDay = (moment: Date) => `${moment.toISOString().slice(0, 10)}T00:00:00.000Z`;
	const shown = <Value>(value: Value) => (isHidden ? null : value);
	return {
		id: rows.map(({ id }) => id),
		ownerId: rows.map(({ ownerId }) => (isHidden ? user.id : ownerId)),
		ratio: rows.map(({ width, height }) => (width && height ? Math.round((width / height) * 1_000) / 1_000 : 1)),
		isImage: rows.map(({ type }) => type === 'IMAGE'),
		isFavorite: rows.map(({ isFavorite, ownerId }) => isFavorite && !isVisitor && ownerId === user.id),
		isTrashed: rows.map(({ isTrashed }) => isTrashed),
		visibility: rows.map(({ visibility }) => visibility),
		createdAt: rows.map((row) => (isHidden ? toDay(row.localDateTime) : row.createdAt.toISOString())),
		fileCreatedAt: rows.map((row) => (isHidden ? toDay(row.localDateTime) : row.fileCreatedAt.toISOString())),
		localOffsetHours: rows.map(({ localDateTime, fileCreatedAt }) =>
			isHidden ? 0 : Math.round(((localDateTime.getTime() - fileCreatedAt.getTime()) / hourMs) * 100) / 100
		),
		thumbhash: rows.map(({ thumbhash }) => (thumbhash === null ? null : Buffer.from(thumbhash).toString('base64'))),
		duration: rows.map(({ duration }) => duration),
		livePhotoVideoId: rows.map(({ livePhotoVideoId }) => livePhotoVideoId),
		projectionType: rows.map(({ projectionType }) => shown(projectionType)),
		city: rows.map(({ city }) => shown(city)),
		country: rows.map(({ country }) => shown(country)),
		...(withCoordinates && {
			latitude: rows.map(({ latitude }) => shown(latitude)),
			longitude: rows.map(({ longitude }) => shown(longitude))
		})
	};
}
