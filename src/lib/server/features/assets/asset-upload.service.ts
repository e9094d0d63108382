import { randomUUID } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import PQueue from 'p-queue';
import type { z } from 'zod';
import type {
	AssetBulkUploadCheckDto,
	AssetBulkUploadCheckResponseDto,
	AssetMediaCreate,
	AssetMediaResponse
} from '#lib/contract/assets/asset-upload.ts';
import { requireAccess, requireLive } from '#lib/server/features/access/index.ts';
import { addAssets } from '#lib/server/features/albums/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { unauthorized } from '#lib/server/platform/errors.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { AssetFiles, FileOwner, SizeLimit } from './asset-files.ts';
import type { KnownFile, NewAsset } from './asset.repository.ts';
import { missingFile, noMotionPart, noUploadByLink, quotaExceeded, unsupportedFileType } from './errors.ts';
import { toExtension, toFileName } from './file-names.ts';
import { findAssetType } from './file-types.ts';
import type { AssetJobs } from './asset-jobs.ts';
import type { AssetStore } from './repositories.ts';
import { StoredUpload } from './stored-upload.ts';

interface Dependencies {
	readonly store: AssetStore;
	readonly files: AssetFiles;
	readonly jobs: AssetJobs;
	readonly log: Log;
}

/** What a client uploads with one request. */
interface Sent {
	readonly upload: StoredUpload;
	readonly sidecar: StoredUpload | null;
	/** What the app notes about the asset. */
	readonly notes: NonNullable<AssetMediaCreate['metadata']>;
}

/** Files stored in parallel; more would only wait for the same rows and hold database connections meanwhile. */
const concurrency = 4;
/** How often uploads with one credential are recorded. */
const recordedMs = 60 * 60_000;

/** Ends a transaction in which the file turned out to be there already. */
class AlreadyThere extends Error {}

/** Stores uploaded photos and videos. */
export class AssetUploadService {
	readonly #deps: Dependencies;
	readonly #storing = new PQueue({ concurrency });
	/** Credentials whose uploads have been recorded within the hour. */
	readonly #recorded = new LRUCache<string, true>({ max: 10_000, ttl: recordedMs });

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Checks, before a file is received, that the caller may upload. Returns the asset that has the announced checksum, and how
	 * large a file may be.
	 * @throws {AppError} 401 if the shared link takes no uploads, 400 if there is no access or no quota left
	 */
	async begin(auth: Auth, checksum: string | null): Promise<{ known: AssetMediaResponse | null; limit: SizeLimit }> {
		const { store } = this.#deps;
		await requireUpload(store, auth);
		const sha1 = parseChecksum(checksum ?? '');
		const [known] = sha1 ? await store.assets.findKnown(auth.user.id, [sha1]) : [];
		const usage = await store.assets.findUsage(auth.user.id);
		if (!usage) throw unauthorized();
		const { quotaSizeInBytes: quota, quotaUsageInBytes: used } = usage;
		const maxBytes = quota === null ? Number.MAX_SAFE_INTEGER : Math.max(0, Number(quota - used));
		return {
			known: known && !isVisitor(auth) ? toDuplicate(known) : null,
			limit: { maxBytes, tooLarge: quotaExceeded }
		};
	}

	/**
	 * Stores an asset completely or not at all. The file is in its place before the transaction that counts it, so that a crash
	 * can only leave a file without a row, which the job for orphaned files removes.
	 * @throws {AppError} 400 for an unsupported type, a quota that would be exceeded or a motion part that isn't the owner's
	 * video, 401 if the credential has ended, 507 if the disk is full
	 */
	async upload(auth: Auth, dto: AssetMediaCreate): Promise<AssetMediaResponse> {
		const { assetData: upload, sidecarData: sidecar } = dto;
		if (!(upload instanceof StoredUpload)) throw missingFile();
		const named = toFileName(dto.filename || upload.name);
		// The extension of the file itself counts, because some apps send a title as the name.
		const source = findAssetType(named) ? named : toFileName(upload.name);
		const type = findAssetType(source);
		if (!type) throw unsupportedFileType(named);
		const stored = await this.#storing.add(
			() =>
				this.#store(
					auth,
					{
						upload, // No quota counts sidecars, so strangers bring none.
						sidecar: sidecar instanceof StoredUpload && !isVisitor(auth) ? sidecar : null,
						notes: dto.metadata ?? []
					},
					{
						id: randomUUID(),
						ownerId: auth.user.id,
						type,
						originalFileName: findAssetType(named) ? named : `${named}${toExtension(source)}`,
						checksum: upload.sha1,
						sizeBytes: upload.sizeBytes,
						fileCreatedAt: new Date(dto.fileCreatedAt),
						fileModifiedAt: new Date(dto.fileModifiedAt),
						// A visitor of a link doesn't arrange its creator's library.
						isFavorite: !isVisitor(auth) && (dto.isFavorite ?? false),
						visibility: isVisitor(auth) ? 'timeline' : (dto.visibility ?? 'timeline'),
						duration: dto.duration ?? null,
						livePhotoVideoId: dto.livePhotoVideoId ?? null
					}
				),
			{ throwOnTimeout: true }
		);
		if (stored.status === 'created') await this.#deps.jobs.uploaded(stored.id);
		return stored;
	}

	/** Returns which of the checksums the caller's library has already; an unreadable one is accepted. */
	async check(
		auth: Auth,
		{ assets }: z.output<typeof AssetBulkUploadCheckDto>
	): Promise<z.input<typeof AssetBulkUploadCheckResponseDto>> {
		const parsed = assets.map(({ id, checksum }) => ({ id, sha1: parseChecksum(checksum) }));
		const sent = parsed.flatMap(({ sha1 }) => sha1 ?? []);
		const found = sent.length === 0 ? [] : await this.#deps.store.assets.findKnown(auth.user.id, sent);
		const known = new Map(found.map((file) => [Buffer.from(file.checksum).toString('hex'), file]));
		return {
			results: parsed.map(({ id, sha1 }) => {
				const file = sha1 && known.get(sha1.toString('hex'));
				return file
					? { id, action: 'reject', reason: 'duplicate', assetId: file.id, isTrashed: file.deletedAt !== null }
					: { id, action: 'accept' };
			})
		};
	}

	async #store(auth: Auth, sent: Sent, asset: Omit<NewAsset, 'originalPath'>): Promise<AssetMediaResponse> {
		const { store, files } = this.#deps;
		const usage = await store.assets.findUsage(asset.ownerId);
		if (!usage) throw unauthorized();
		const owner: FileOwner = { id: asset.ownerId, storageLabel: usage.storageLabel };
		const extension = toExtension(asset.originalFileName);
		const kept: string[] = [];
		try {
			await files.note(asset.id);
			const originalPath = await files.keep(sent.upload, owner, asset.id, extension);
			kept.push(originalPath);
			const sidecarPath = sent.sidecar && (await files.keep(sent.sidecar, owner, asset.id, `${extension}.xmp`));
			if (sidecarPath !== null) kept.push(sidecarPath);
			await this.#insert(auth, { ...asset, originalPath }, { sidecarPath, notes: sent.notes });
			await files.forget(asset.id);
			return { id: asset.id, status: 'created' };
		} catch (error) {
			await this.#removeUnlessInserted(asset.id, kept);
			if (!(error instanceof AlreadyThere)) throw error;
			const [known] = await store.assets.findKnown(asset.ownerId, [asset.checksum]);
			if (!known) throw error;
			if (isVisitor(auth) && known.isSharable) await this.#addKnown(auth, known.id);
			return toDuplicate(known);
		}
	}

	/** Counts and inserts the asset. The user's row is locked first, so parallel uploads can't exceed the quota. */
	async #insert(
		auth: Auth,
		asset: NewAsset,
		{ sidecarPath, notes }: { readonly sidecarPath: string | null } & Pick<Sent, 'notes'>
	): Promise<void> {
		const isUnrecorded = !this.#recorded.has(credentialKey(auth));
		await this.#deps.store.transaction(async (repositories) => {
			const { assets, assetMetadata, audit } = repositories;
			const usage = await assets.addUsage(asset.ownerId, asset.sizeBytes);
			if (!usage) throw unauthorized();
			await requireLive(repositories, auth);
			if (isVisitor(auth)) await requireLockedUpload(repositories, auth);
			const { livePhotoVideoId } = asset;
			if (livePhotoVideoId !== null) {
				await requireAccess(repositories, { auth, permission: 'asset.update', ids: [livePhotoVideoId] });
				if (!(await assets.isVideoOf(livePhotoVideoId, asset.ownerId))) throw noMotionPart();
			}
			if (!(await assets.insert(asset))) throw new AlreadyThere();
			const { quotaSizeInBytes: quota, quotaUsageInBytes: used } = usage;
			if (quota !== null && used > quota) throw quotaExceeded();
			if (sidecarPath !== null) await assets.setFile(asset.id, 'sidecar', sidecarPath);
			if (notes.length > 0) await assetMetadata.set(notes.map((note) => ({ assetId: asset.id, ...note })));
			if (livePhotoVideoId !== null) {
				// The motion part of a locked photo is locked too; of any other, it is part of the photo.
				const visibility = asset.visibility === 'locked' ? 'locked' : 'hidden';
				await assets.announce('hide', [livePhotoVideoId]);
				await assets.update([livePhotoVideoId], { visibility });
				await assets.unshare([livePhotoVideoId]);
			}
			await addToShared(repositories, auth, asset.id, isUnrecorded);
			if (isUnrecorded) await audit.record(buildAuditEntry(auth, { action: 'asset.upload' }));
		});
		if (isUnrecorded) this.#recorded.set(credentialKey(auth), true);
	}

	/** Adds a file that a link's creator has already to what the link shows, as if it had been uploaded now. */
	async #addKnown(auth: Auth, assetId: string): Promise<void> {
		await this.#deps.store.transaction(async (repositories) => {
			await repositories.users.lock(auth.user.id);
			await requireLive(repositories, auth);
			await requireLockedUpload(repositories, auth);
			await addToShared(repositories, auth, assetId, true);
		});
	}

	/** If the database's reply to the commit was lost, the asset may be there; then it needs its files. */
	async #removeUnlessInserted(assetId: string, paths: readonly string[]): Promise<void> {
		const { store, files, log } = this.#deps;
		try {
			if (!(await store.assetTrash.listExisting([assetId])).has(assetId)) await files.remove(paths);
			await files.forget(assetId);
		} catch (error) {
			log.warn({ assetId, error }, 'The files of a failed upload are left to the job for orphaned files');
		}
	}
}

const isVisitor = ({ credential }: Auth): boolean => credential.kind === 'sharedLink';

/**
 * A visitor uploads for the link's creator, into the link's album if it has one.
 * @throws {AppError} 401 if the link takes no uploads, 400 if it no longer shows its album
 */
async function requireUpload(repositories: Parameters<typeof requireAccess>[0], auth: Auth): Promise<void> {
	const { credential, user } = auth;
	if (credential.kind === 'sharedLink' && !credential.allowUpload) throw noUploadByLink();
	await requireAccess(repositories, { auth, permission: 'asset.upload', ids: [user.id] });
	if (credential.kind === 'sharedLink' && credential.albumId !== null)
		await requireAccess(repositories, { auth, permission: 'albumAsset.create', ids: [credential.albumId] });
}

type Repositories = Parameters<Parameters<AssetStore['transaction']>[0]>[0];

/**
 * The same in a transaction, after locking the link's album.
 * @throws {AppError} as above
 */
async function requireLockedUpload(repositories: Repositories, auth: Auth): Promise<void> {
	const { credential } = auth;
	if (credential.kind === 'sharedLink' && credential.albumId !== null)
		await repositories.albums.lock([credential.albumId]);
	await requireUpload(repositories, auth);
}

/** Puts what a visitor uploaded into the link's album, or into the link itself; does nothing for others. */
async function addToShared(
	repositories: Repositories,
	auth: Auth,
	assetId: string,
	isRecorded: boolean
): Promise<void> {
	const { credential } = auth;
	if (credential.kind !== 'sharedLink') return;
	if (credential.albumId === null) await repositories.assets.addToLink(assetId, credential.linkId);
	else await addAssets(repositories, auth, [credential.albumId], [assetId], { isRecorded });
}

function credentialKey({ user, credential }: Auth): string {
	switch (credential.kind) {
		case 'session':
			return `session:${credential.sessionId}`;
		case 'apiKey':
			return `key:${credential.keyId}`;
		case 'sharedLink':
			return `link:${credential.linkId}`;
		case 'maintenance':
		case 'commandLine':
			return `${credential.kind}:${user.id}`;
	}
}

const toDuplicate = ({ id }: KnownFile): AssetMediaResponse => ({ id, status: 'duplicate' });

/** Reads a SHA-1 in hexadecimal or base64; null for anything else. */
function parseChecksum(text: string): Buffer | null {
	if (/^[\da-f]{40}$/i.test(text)) return Buffer.from(text, 'hex');
	return /^[\w+/-]{27}=?$/.test(text) ? Buffer.from(text, 'base64') : null;
}
