import { daySeconds } from '#lib/contract/day.ts';
import type { z } from 'zod';
import type { BinaryReply } from '#lib/contract/operation.ts';
import {
	maxProfileImageBytes,
	type CreateProfileImageResponseDto
} from '#lib/contract/profile-images/profile-image.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { AppError, bodyTooLarge, notFound, requireUser } from '#lib/server/platform/errors.ts';
import { imagesAreImmichs, noProfileImage, unreadableImage, unsupportedFileType } from './errors.ts';
import type { ProfileImageFiles } from './profile-image-files.ts';
import { isRasterImage, type ProfileImageResizer } from './profile-image-resizer.ts';
import type { Log } from '#lib/server/platform/log.ts';
import type { ProfileImageStore } from './repositories.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { requireLive } from '#lib/server/features/access/index.ts';

interface Dependencies {
	readonly store: ProfileImageStore;
	readonly files: ProfileImageFiles;
	readonly resizer: ProfileImageResizer;
	/** A running Immich on the same database, which stores the images in its own folder. */
	readonly immich: object | null;
	readonly log: Log;
}

/** How long browsers may cache an image whose URL contains its last change; a new image has a new URL. */
const keptForSeconds = daySeconds;
const maxNameCharacters = 100;

/** Sets, serves and removes profile images. */
export class ProfileImageService {
	readonly #deps: Dependencies;

	constructor(dependencies: Dependencies) {
		this.#deps = dependencies;
	}

	/**
	 * Replaces the caller's image. The old file is deleted last; a failure leaves no new file behind.
	 * @throws {AppError} 400 if the file is no image that can be used, or beside a running Immich; 503 if too many are waiting
	 */
	async set(auth: Auth, file: File): Promise<z.input<typeof CreateProfileImageResponseDto>> {
		const { files, immich } = this.#deps;
		if (immich) throw imagesAreImmichs();
		const { user } = auth;
		const path = await files.write(user.id, await this.#resize(file));
		try {
			const replaced = requireUser(await this.#replace(auth, path, 'picture.set'));
			if (replaced.previousPath !== '') await this.#removeFile(user.id, replaced.previousPath);
			return { userId: user.id, profileImagePath: path, profileChangedAt: replaced.changedAt.toISOString() };
		} catch (error) {
			await this.#removeFile(user.id, path);
			throw error;
		}
	}

	/**
	 * Sets the image of a user who has none.
	 * @throws {AppError} as above
	 */
	async setFirst(userId: string, bytes: Uint8Array): Promise<void> {
		if (!isRasterImage(bytes)) throw unsupportedFileType('');
		const { files, immich, resizer, store } = this.#deps;
		if (immich) return;
		const path = await files.write(userId, await resizer.resize(bytes));
		if (!(await store.users.setFirstProfileImage(userId, path))) await this.#removeFile(userId, path);
	}

	/**
	 * Deletes the caller's image.
	 * @throws {AppError} 400 if there is none, or beside a running Immich
	 */
	async remove(auth: Auth): Promise<void> {
		if (this.#deps.immich) throw imagesAreImmichs();
		const replaced = await this.#replace(auth, '', 'picture.remove');
		if (!replaced) throw noProfileImage();
		await this.#removeFile(auth.user.id, replaced.previousPath);
	}

	/**
	 * Opens a user's image.
	 * @throws {AppError} 404 for an unknown or deleted user and for one without an image
	 */
	async get(userId: string, knownChange: string | undefined): Promise<BinaryReply> {
		const user = await this.#deps.store.users.find(userId);
		const image = user?.profileImagePath ? await this.#deps.files.read(userId, user.profileImagePath) : null;
		if (!user || !image) throw notFound('Not Found');
		const isNamed = knownChange === user.profileChangedAt.toISOString();
		return {
			...image,
			version: user.profileChangedAt.getTime().toString(36),
			maxAgeSeconds: isNamed ? keptForSeconds : 0
		};
	}

	/** Removes all images of a deleted user; logs errors instead of throwing them. */
	async removeAll(userId: string): Promise<void> {
		await this.#deps.files
			.removeAll(userId)
			.catch((error: unknown) => this.#deps.log.error({ userId, error }, 'Pictures of a removed account are left'));
	}

	#replace(auth: Auth, path: string, action: 'picture.set' | 'picture.remove') {
		return this.#deps.store.transaction(async (repositories) => {
			const { users, audit } = repositories;
			const replaced = await users.replaceProfileImage(auth.user.id, path);
			await requireLive(repositories, auth);
			if (replaced) await audit.record(buildAuditEntry(auth, { action }));
			return replaced;
		});
	}

	async #resize(file: File): Promise<Buffer> {
		if (file.size > maxProfileImageBytes) throw bodyTooLarge();
		const bytes = new Uint8Array(await file.arrayBuffer());
		if (!isRasterImage(bytes)) throw unsupportedFileType(file.name.slice(0, maxNameCharacters));
		try {
			return await this.#deps.resizer.resize(bytes);
		} catch (error) {
			throw error instanceof AppError ? error : unreadableImage(error);
		}
	}

	/** A file that can't be removed does no harm, because the row no longer names it. */
	async #removeFile(userId: string, path: string): Promise<void> {
		await this.#deps.files
			.remove(userId, path)
			.catch((error: unknown) => this.#deps.log.warn({ userId, error }, 'An old picture could not be removed'));
	}
}
