import { randomBytes } from 'node:crypto';
import type { RecordedChanges } from '#lib/contract/audit/audit.ts';
import { maxLinkAssets } from '#lib/contract/shared-links/link-form.ts';
import {
	passwordPlaceholder,
	type AssetIdsResult,
	type SharedLink,
	type SharedLinkCreateDto,
	type SharedLinkEditDto,
	type SharedLinkPage,
	type SharedLinkSummary
} from '#lib/contract/shared-links/shared-link.ts';
import { checkAccess, requireAccess, requireLive } from '#lib/server/features/access/index.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { toCallerQueueOptions } from '#lib/server/platform/caller/queue-options.ts';
import type { PasswordHasher } from '#lib/server/platform/crypto/password-hasher.ts';
import { readUniqueViolation } from '#lib/server/platform/database/prisma-errors.ts';
import {
	expiryInPast,
	invalidLinkType,
	sharedLinkNotFound,
	slugTaken,
	tooManyLinkAssets,
	tooManyLinks
} from './errors.ts';
import { given, recordedChanges, toResults } from './link-changes.ts';
import { nameLinkTarget, withContent } from './link-content.ts';
import type { SharedLinkStore, SharedLinkTransaction } from './repositories.ts';
import { toSharedLinkSummary } from './shared-link-dto.ts';
import type { SharedLinkRow, SharedLinkValues } from './shared-link-rows.ts';

interface Dependencies {
	readonly store: SharedLinkStore;
	readonly passwords: PasswordHasher;
}

const keyBytes = 50;
/** The maximum number of links per user. */
export const mostSharedLinks = 500;
const pageSize = 25;

const toDate = (moment: string | null): Date | null => (moment === null ? null : new Date(moment));

/** The caller's own shared links. */
export class SharedLinkService {
	readonly #store: SharedLinkStore;
	readonly #passwords: PasswordHasher;

	constructor({ store, passwords }: Dependencies) {
		this.#store = store;
		this.#passwords = passwords;
	}

	/** Yields the caller's links with what they show, newest first. */
	async *list(
		auth: Auth,
		filter: { readonly id?: string | undefined; readonly albumId?: string | undefined }
	): AsyncGenerator<SharedLink, undefined> {
		let afterId: string | undefined;
		do {
			// Individual links can have thousands of photos, so only a few links are read at a time.
			const rows = await this.#store.sharedLinks.list({ userId: auth.user.id, ...filter, afterId, limit: pageSize });
			yield* await withContent(this.#store, rows, auth);
			afterId = rows.length < pageSize ? undefined : rows.at(-1)?.id;
		} while (afterId !== undefined);
		return undefined;
	}

	/** Lists 25 of the caller's links with how often they were opened, after the one with this ID. */
	async listPage(auth: Auth, afterId?: string): Promise<SharedLinkPage> {
		const userId = auth.user.id;
		const [rows, total] = await Promise.all([
			this.#store.sharedLinks.listSummaries({ userId, afterId, limit: pageSize + 1 }),
			this.#store.sharedLinks.count(userId)
		]);
		const links = rows.slice(0, pageSize).map(toSharedLinkSummary);
		return { links, total, next: rows.length > pageSize ? (links.at(-1)?.id ?? null) : null };
	}

	/**
	 * Returns one of the caller's links with how often it was opened.
	 * @throws {AppError} 400 if there is no such link
	 */
	async getSummary(auth: Auth, id: string): Promise<SharedLinkSummary> {
		const [row] = await this.#store.sharedLinks.listSummaries({ userId: auth.user.id, id, limit: 1 });
		if (!row) throw sharedLinkNotFound();
		return toSharedLinkSummary(row);
	}

	/**
	 * Returns one of the caller's links.
	 * @throws {AppError} 400 if there is no such link
	 */
	async get(auth: Auth, id: string): Promise<SharedLink> {
		const row = await this.#store.sharedLinks.find(auth.user.id, id);
		return this.#describe(auth, row);
	}

	/**
	 * Creates a link.
	 * @throws {AppError} 400 if the caller may not share what it shows, the slug is taken, or the user has too many links
	 */
	async create(auth: Auth, dto: SharedLinkCreateDto): Promise<SharedLink> {
		const expiresAt = toDate(dto.expiresAt ?? null);
		if (expiresAt !== null && expiresAt.getTime() <= Date.now()) throw expiryInPast();
		const values: SharedLinkValues = {
			description: dto.description ?? null,
			passwordHash: await this.#hash(auth, dto.password ?? null),
			slug: dto.slug ?? null,
			expiresAt,
			allowUpload: dto.allowUpload,
			allowDownload: dto.allowDownload && dto.showMetadata,
			showMetadata: dto.showMetadata
		};
		const albumId = dto.type === 'ALBUM' ? (dto.albumId ?? null) : null;
		const assetIds = dto.type === 'INDIVIDUAL' ? [...new Set(dto.assetIds?.map((id) => id.toLowerCase()))] : [];
		const id = await this.#transaction(auth, async (repositories) => {
			if (albumId === null) await requireAccess(repositories, { auth, permission: 'asset.share', ids: assetIds });
			else await requireAccess(repositories, { auth, permission: 'album.share', ids: [albumId] });
			const { sharedLinks, audit } = repositories;
			if ((await sharedLinks.count(auth.user.id)) >= mostSharedLinks) throw tooManyLinks(mostSharedLinks);
			const created = await sharedLinks.create(
				{ userId: auth.user.id, type: dto.type, albumId, key: randomBytes(keyBytes) },
				values
			);
			await sharedLinks.addAssets(created, assetIds);
			const label = await nameLinkTarget(repositories, { id: created, albumId });
			await audit.record(
				buildAuditEntry(auth, {
					action: 'sharedLink.create',
					object: { kind: 'sharedLink', id: created, label },
					changes: recordedChanges(null, values)
				})
			);
			return created;
		});
		return this.get(auth, id);
	}

	/**
	 * Changes a link. Without a slug it loses the one it has.
	 * @throws {AppError} 400 if there is no such link, or the slug is taken
	 */
	async update(auth: Auth, id: string, dto: SharedLinkEditDto): Promise<SharedLink> {
		const { expiresAt, password, slug = null, ...others } = dto;
		const isPasswordChanged = password !== undefined && password !== passwordPlaceholder;
		const changes: Partial<SharedLinkValues> = {
			...given(others),
			slug,
			...(expiresAt !== undefined && { expiresAt: toDate(expiresAt) }),
			...(isPasswordChanged && { passwordHash: await this.#hash(auth, password) })
		};
		await this.#change(auth, id, async (repositories, link) => {
			await repositories.sharedLinks.update(id, changes);
			return recordedChanges(link, changes);
		});
		return this.get(auth, id);
	}

	/**
	 * Ends a link now; it can be extended again.
	 * @throws {AppError} 400 if there is no such link
	 */
	async expire(auth: Auth, id: string): Promise<void> {
		await this.#change(auth, id, async ({ sharedLinks }, link) => {
			const changes = { expiresAt: new Date() };
			await sharedLinks.update(id, changes);
			return recordedChanges(link, changes);
		});
	}

	/**
	 * Deletes a link.
	 * @throws {AppError} 400 if there is no such link
	 */
	async delete(auth: Auth, id: string): Promise<void> {
		await this.#transaction(auth, async (repositories) => {
			const link = await lockLink(repositories, auth, id);
			const label = await nameLinkTarget(repositories, link);
			await repositories.sharedLinks.delete(id);
			await repositories.audit.record(
				buildAuditEntry(auth, { action: 'sharedLink.delete', object: { kind: 'sharedLink', id, label } })
			);
		});
	}

	/**
	 * Adds photos to an individual link; those that it has already or that the caller may not share are reported.
	 * @throws {AppError} 400 if there is no such link, it is a link to an album, or it would have too many photos
	 */
	async addAssets(auth: Auth, id: string, assetIds: readonly string[]): Promise<AssetIdsResult[]> {
		return this.#changeAssets(auth, id, async (repositories) => {
			const allowed = await checkAccess(repositories, { auth, permission: 'asset.share', ids: assetIds });
			const added = new Set(await repositories.sharedLinks.addAssets(id, [...allowed]));
			if ((await repositories.sharedLinks.countAssets(id)) > maxLinkAssets) throw tooManyLinkAssets(maxLinkAssets);
			return {
				results: toResults(assetIds, added, (assetId) => (allowed.has(assetId) ? 'duplicate' : 'no_permission')),
				changes: added.size > 0 ? { assetsAdded: { from: null, to: added.size } } : null
			};
		});
	}

	/**
	 * Removes photos from an individual link; those that it doesn't have are reported.
	 * @throws {AppError} 400 if there is no such link, or it is a link to an album
	 */
	async removeAssets(auth: Auth, id: string, assetIds: readonly string[]): Promise<AssetIdsResult[]> {
		return this.#changeAssets(auth, id, async ({ sharedLinks }) => {
			const removed = new Set(await sharedLinks.removeAssets(id, assetIds));
			return {
				results: toResults(assetIds, removed, () => 'not_found'),
				changes: removed.size > 0 ? { assetsRemoved: { from: null, to: removed.size } } : null
			};
		});
	}

	async #changeAssets(
		auth: Auth,
		id: string,
		change: (
			repositories: SharedLinkTransaction
		) => Promise<{ results: AssetIdsResult[]; changes: RecordedChanges | null }>
	): Promise<AssetIdsResult[]> {
		let results: AssetIdsResult[] = [];
		await this.#change(auth, id, async (repositories, link) => {
			if (link.type === 'ALBUM') throw invalidLinkType();
			const changed = await change(repositories);
			({ results } = changed);
			return changed.changes;
		});
		return results;
	}

	/** Changes a link of the caller and records what has changed, if anything. */
	async #change(
		auth: Auth,
		id: string,
		change: (repositories: SharedLinkTransaction, link: SharedLinkRow) => Promise<RecordedChanges | null>
	): Promise<void> {
		await this.#transaction(auth, async (repositories) => {
			const link = await lockLink(repositories, auth, id);
			const changes = await change(repositories, link);
			if (!changes) return;
			const label = await nameLinkTarget(repositories, link);
			await repositories.audit.record(
				buildAuditEntry(auth, { action: 'sharedLink.update', object: { kind: 'sharedLink', id, label }, changes })
			);
		});
	}

	/** Makes no change if the credential has ended meanwhile. */
	async #transaction<Result>(
		auth: Auth,
		change: (repositories: SharedLinkTransaction) => Promise<Result>
	): Promise<Result> {
		try {
			return await this.#store.transaction(async (repositories) => {
				await repositories.users.lock(auth.user.id);
				await requireLive(repositories, auth);
				return change(repositories);
			});
		} catch (error) {
			if (readUniqueViolation(error) === 'shared_link_slug_uq') throw slugTaken();
			throw error;
		}
	}

	async #describe(auth: Auth, row: SharedLinkRow | null): Promise<SharedLink> {
		const [dto] = row ? await withContent(this.#store, [row], auth) : [];
		if (!dto) throw sharedLinkNotFound();
		return dto;
	}

	async #hash(auth: Auth, password: string | null): Promise<string | null> {
		return password === null ? null : this.#passwords.hash(password, toCallerQueueOptions(auth));
	}
}

async function lockLink({ sharedLinks }: SharedLinkTransaction, auth: Auth, id: string): Promise<SharedLinkRow> {
	const link = await sharedLinks.lock(auth.user.id, id);
	if (!link) throw sharedLinkNotFound();
	return link;
}
