import { describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { useSettings } from '#tests/support/change-settings.ts';
import type { TestDatabase } from '#tests/support/database.ts';
import { guardedOperations } from '#tests/support/operations.ts';
import { message } from '#tests/support/shapes.ts';

const required = message('Password change required');
const setting = (enforceChange: boolean) => async (database: TestDatabase) => {
	await database.prisma.setting.create({ data: { key: 'immich-auth', value: { passwords: { enforceChange } } } });
};
const off = { IMMICH_AUTH_ENFORCE_PASSWORD_CHANGE: 'false' };

describe.each([
	['the environment says so', { env: off, prepare: setting(true) }],
	['the settings say so', null]
])('when the API does not enforce the change because %s', (_, options) => {
	const api = useApi(options ?? {});
	if (!options) useSettings(api, { immichAuth: { passwords: { enforceChange: false } } });
	const signInGated = async () => {
		const { user, token } = await api.accounts.signIn({ shouldChangePassword: true, isAdmin: true });
		await api.accounts.setPasswordState(user.id);
		return { user, token };
	};

	it('refuses no operation', async () => {
		for (const { method, path } of guardedOperations) {
			const { token } = await signInGated();
			const reply = await api.request(method, path, { token, ...(method !== 'GET' && { body: {} }) });
			expect(reply.body, `${method} ${path}`).not.toEqual(required);
		}
	});

	it('updates a user’s own name without a new password', async () => {
		const { token } = await signInGated();
		const reply = await api.request('PUT', '/api/users/me', { token, body: { name: 'New' } });
		expect(reply.status).toBe(200);
		expect(reply.body).toMatchObject({ name: 'New', shouldChangePassword: true });
	});

	it('still redirects pages to the change page', async () => {
		const { token } = await signInGated();
		const page = await api.request('GET', '/admin/users', {
			cookie: buildCookie(token),
			headers: { accept: 'text/html' }
		});
		expect([page.status, page.headers.location]).toEqual([303, '/auth/change-password']);
	});
});

describe('when the environment enforces the change and the settings do not', () => {
	const api = useApi({ env: { IMMICH_AUTH_ENFORCE_PASSWORD_CHANGE: 'true' }, prepare: setting(false) });

	it('refuses operations', async () => {
		const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id);
		expect((await api.request('GET', '/api/users', { token })).body).toEqual(required);
	});
});
