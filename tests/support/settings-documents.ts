import { beforeEach } from 'vitest';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { systemConfigDefaults, type SystemConfig } from '#lib/contract/settings/document/index.ts';
import type { Api } from './api.ts';
import type { Reply } from './http.ts';
import { storedSettings } from './vault.ts';

export const systemPaths = ['/api/system-config', '/api/admin/config'];
export const authPath = '/api/admin/auth-config';

export const withServer = (server: Partial<SystemConfig['server']>): SystemConfig => ({
	...systemConfigDefaults,
	server: { ...systemConfigDefaults.server, ...server }
});

/** The settings of a server as an admin reads and writes them; before each test they are the defaults. */
export function useSettingsDocuments(api: Api): SettingsDocuments {
	const documents = new SettingsDocuments(api);
	beforeEach(() => documents.reset());
	return documents;
}

class SettingsDocuments {
	readonly #api: Api;
	/** The admin's. */
	token = '';

	constructor(api: Api) {
		this.#api = api;
	}

	put(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Reply> {
		return this.#api.request('PUT', path, { token: this.token, body, headers });
	}

	get(path: string): Promise<Reply> {
		return this.#api.request('GET', path, { token: this.token });
	}

	/** What is stored of Immich's document. */
	async stored() {
		return (await storedSettings(this.#api.prisma)).system;
	}

	async reset(): Promise<void> {
		await this.#api.reset();
		({ token: this.token } = await this.#api.accounts.signInAdmin());
		// A reset sends no notifications, so writes refresh the settings.
		await this.put('/api/admin/config', withServer({ loginPageMessage: 'reset' }));
		await this.put('/api/admin/config', systemConfigDefaults);
		await this.put(authPath, { ...immichAuthConfigDefaults, cookies: { alwaysSecure: true } });
		await this.put(authPath, immichAuthConfigDefaults);
	}
}
