import { SignJWT } from 'jose';
import { afterEach, expect } from 'vitest';
import { z } from 'zod';
import type { Api } from './api.ts';
import { testVault } from './vault.ts';

export const mode = '/api/admin/maintenance';
export const plan = `${mode}/plan`;

const Mode = z.object({
	isMaintenanceMode: z.boolean(),
	secret: z.string().optional(),
	action: z.unknown().optional()
});

export const cookieFrom = (cookies: readonly string[]) =>
	cookies.find((cookie) => cookie.startsWith('immich_maintenance_token='))?.split(';')[0] ?? '';
export const tokenFrom = (cookies: readonly string[]) => cookieFrom(cookies).replace('immich_maintenance_token=', '');

export const sign = (secret: string | Uint8Array, claims: Record<string, unknown>, expiresIn = '4h', alg = 'HS256') =>
	new SignJWT(claims)
		.setProtectedHeader({ alg })
		.setIssuedAt()
		.setExpirationTime(expiresIn)
		.sign(typeof secret === 'string' ? new TextEncoder().encode(secret) : secret);

/** The maintenance mode of a server; it ends after each test. */
export function useMaintenance(api: Api): Maintenance {
	const maintenance = new Maintenance(api);
	afterEach(() => maintenance.end());
	return maintenance;
}

class Maintenance {
	readonly #api: Api;

	constructor(api: Api) {
		this.#api = api;
	}

	/** What the database has about it. */
	async stored() {
		const row = await this.#api.prisma.systemMetadata.findUnique({ where: { key: 'maintenance-mode' } });
		return Mode.parse(row?.value ?? { isMaintenanceMode: false });
	}

	/** The secret that signs the tokens of this period. */
	async secret(): Promise<string> {
		return testVault.open('maintenance secret', (await this.stored()).secret ?? '') ?? '';
	}

	/** Starts maintenance as an admin and returns the token. */
	async begin(): Promise<{ token: string; session: string }> {
		const { token: session } = await this.#api.accounts.signInAdmin({ name: 'Ada' });
		const reply = await this.#api.request('POST', mode, { token: session, body: { action: 'start' } });
		expect([reply.status, reply.text]).toEqual([201, '']);
		return { token: tokenFrom(reply.cookies), session };
	}

	/** Ends it as another program does. */
	async end(): Promise<void> {
		await this.#api.prisma.systemMetadata.deleteMany({ where: { key: 'maintenance-mode' } });
		await this.#api.prisma.setting.deleteMany({ where: { key: 'maintenance' } });
		const ask = async () => (await this.#api.request('GET', '/api/server/media-types')).status;
		await expect.poll(ask).toBe(200);
	}
}
