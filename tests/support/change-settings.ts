import { afterAll, beforeAll, expect } from 'vitest';
import { mergeImmichAuthConfig } from '#lib/contract/settings/document/immich-auth.ts';
import { mergeWithDefaults } from '#lib/contract/settings/document/index.ts';
import type { Api } from './api.ts';

interface Documents {
	readonly system?: object;
	readonly immichAuth?: object;
}

/**
 * Changes settings from their defaults for the tests of a `describe`, as an admin does, because reusing a running server is
 * cheaper than starting another. These tests must not call `reset`, which the server does not notice.
 */
export function useSettings(api: Api, documents: Documents): void {
	beforeAll(() => save(api, documents));
	afterAll(() => save(api, { system: {}, immichAuth: {} }));
}

async function save(api: Api, { system, immichAuth }: Documents): Promise<void> {
	const { token } = await api.accounts.signInAdmin();
	const put = async (path: string, body: unknown) => {
		const reply = await api.request('PUT', path, { token, body });
		expect(reply.status, reply.text).toBe(200);
	};
	if (system) await put('/api/admin/config', mergeWithDefaults(system).config);
	if (immichAuth) await put('/api/admin/auth-config', mergeImmichAuthConfig(immichAuth).config);
}
