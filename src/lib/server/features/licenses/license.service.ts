import { verify, type KeyObject } from 'node:crypto';
import type { z } from 'zod';
import type { LicenseKeyDto } from '#lib/contract/licenses/license.ts';
import { UserLicense } from '#lib/contract/users/user.ts';
import type { Auth } from '#lib/server/platform/caller/caller.ts';
import { invalidLicenseKey } from './errors.ts';
import { notFound } from '#lib/server/platform/errors.ts';
import type { LicenseRepositories, LicenseStore } from './repositories.ts';
import { buildAuditEntry } from '#lib/server/features/audit/index.ts';
import { requireLive, requireLiveAdmin } from '#lib/server/features/access/index.ts';

/** Product keys of users and of the server, stored once their signature has been verified. */
export class LicenseService {
	readonly #store: LicenseStore;
	readonly #publicKeys: readonly KeyObject[];

	constructor(store: LicenseStore, publicKeys: readonly KeyObject[]) {
		this.#store = store;
		this.#publicKeys = publicKeys;
	}

	/**
	 * Returns the caller's license.
	 * @throws {AppError} 404 if there is none
	 */
	async get({ user }: Auth): Promise<z.output<typeof UserLicense>> {
		const stored = UserLicense.safeParse(await this.#store.metadata.getForUser(user.id, 'license'));
		if (!stored.success) throw notFound('Not Found');
		return stored.data;
	}

	/**
	 * Stores the caller's license.
	 * @throws {AppError} 400 if no public key of this server verifies the signature
	 */
	async set(auth: Auth, dto: z.output<typeof LicenseKeyDto>): Promise<z.output<typeof UserLicense>> {
		const license = this.#verify(dto);
		await this.#changeOwn(auth, async ({ metadata, audit }) => {
			await metadata.setForUser(auth.user.id, 'license', license);
			await audit.record(buildAuditEntry(auth, { action: 'license.set' }));
		});
		return license;
	}

	/**
	 * Returns the server's own license.
	 * @throws {AppError} 404 if there is none
	 */
	async getForServer(): Promise<z.output<typeof UserLicense>> {
		const stored = UserLicense.safeParse(await this.#store.metadata.getForSystem('license'));
		if (!stored.success) throw notFound('Not Found');
		return stored.data;
	}

	/**
	 * Stores the server's license.
	 * @throws {AppError} 400 if the key isn't valid or isn't a server key
	 */
	async setForServer(auth: Auth, dto: z.output<typeof LicenseKeyDto>): Promise<z.output<typeof UserLicense>> {
		if (!dto.licenseKey.startsWith('IMSV-')) throw invalidLicenseKey();
		const license = this.#verify(dto);
		await this.#store.transaction(async (repositories) => {
			const { metadata, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			await metadata.setForSystem('license', license);
			await audit.record(buildAuditEntry(auth, { action: 'license.set', subject: null }));
		});
		return license;
	}

	/** Deletes the server's license. */
	async deleteForServer(auth: Auth): Promise<void> {
		await this.#store.transaction(async (repositories) => {
			const { metadata, audit } = repositories;
			await requireLiveAdmin(repositories, auth);
			if (!(await metadata.deleteForSystem('license'))) return;
			await audit.record(buildAuditEntry(auth, { action: 'license.remove', subject: null }));
		});
	}

	/**
	 * Returns the license to store.
	 * @throws {AppError} 400 if no public key of this server verifies the signature
	 */
	#verify({ licenseKey, activationKey }: z.output<typeof LicenseKeyDto>): z.output<typeof UserLicense> {
		const [signed, signature] = [Buffer.from(licenseKey), Buffer.from(activationKey, 'base64')];
		if (!this.#publicKeys.some((key) => verify('sha256', signed, key, signature))) throw invalidLicenseKey();
		return { licenseKey, activationKey, activatedAt: new Date().toISOString() };
	}

	/** Deletes the caller's license. */
	async delete(auth: Auth): Promise<void> {
		await this.#changeOwn(auth, async ({ metadata, audit }) => {
			if (!(await metadata.deleteForUser(auth.user.id, 'license'))) return;
			await audit.record(buildAuditEntry(auth, { action: 'license.remove' }));
		});
	}

	#changeOwn(auth: Auth, change: (repositories: LicenseRepositories) => Promise<void>): Promise<void> {
		return this.#store.transaction(async (repositories) => {
			await repositories.users.lock(auth.user.id);
			await requireLive(repositories, auth);
			await change(repositories);
		});
	}
}
