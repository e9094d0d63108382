import { verify, type KeyObject } from 'node:crypto';
import type { z } from 'zod';
import type { LicenseKeyDto } from '#lib/contract/license.ts';
import { UserLicense } from '#lib/contract/user.ts';
import type { Auth } from '../auth/auth.ts';
import { invalidLicenseKey, notFound } from '../errors.ts';
import type { MetadataRepository } from '../repositories/metadata.repository.ts';

/** Product keys of persons: stored once their signature has been verified. */
export class LicenseService {
	readonly #metadata: MetadataRepository;
	readonly #publicKeys: readonly KeyObject[];

	constructor(metadata: MetadataRepository, publicKeys: readonly KeyObject[]) {
		this.#metadata = metadata;
		this.#publicKeys = publicKeys;
	}

	/** Throws 404 where there is none. */
	async get({ user }: Auth): Promise<z.output<typeof UserLicense>> {
		const stored = UserLicense.safeParse(await this.#metadata.getOfUser(user.id, 'license'));
		if (!stored.success) throw notFound('Not Found');
		return stored.data;
	}

	/** Throws 400 where no public key of this server confirms the signature. */
	async set({ user }: Auth, dto: z.output<typeof LicenseKeyDto>): Promise<z.output<typeof UserLicense>> {
		const { licenseKey, activationKey } = dto;
		const [signed, signature] = [Buffer.from(licenseKey), Buffer.from(activationKey, 'base64')];
		if (!this.#publicKeys.some((key) => verify('sha256', signed, key, signature))) throw invalidLicenseKey();
		const license = { licenseKey, activationKey, activatedAt: new Date().toISOString() };
		await this.#metadata.setOfUser(user.id, 'license', license);
		return license;
	}

	async delete({ user }: Auth): Promise<void> {
		await this.#metadata.deleteOfUser(user.id, 'license');
	}
}
