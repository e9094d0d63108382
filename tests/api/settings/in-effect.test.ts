import { describe, expect, it } from 'vitest';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { systemConfigDefaults, type SystemConfig } from '#lib/contract/settings/document/index.ts';
import { useApi } from '#tests/support/api.ts';
import { authPath, useSettingsDocuments } from '#tests/support/settings-documents.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const documents = useSettingsDocuments(api);
const quickly = { interval: 10, timeout: 2_000 };

describe('settings in effect', () => {
	it('disable password sign-in from the next request on', async () => {
		const { email } = await api.accounts.makeUser();
		const login = () => api.request('POST', '/api/auth/login', { body: { email, password: 'wrong password' } });
		expect((await login()).body).toEqual(message('Incorrect email or password'));
		await documents.put('/api/admin/config', { ...systemConfigDefaults, passwordLogin: { enabled: false } });
		expect((await login()).body).toEqual(message('Password login has been disabled'));
	});

	it('end sessions by an age limit that is set now', async () => {
		const { user } = await api.accounts.signIn();
		const old = await api.accounts.makeSession(user.id, { updatedAt: new Date(Date.now() - 3 * 86_400_000) });
		const sessions = { ...immichAuthConfigDefaults.sessions, other: { idleDays: 1, lifetimeDays: 0 } };
		await documents.put(authPath, { ...immichAuthConfigDefaults, sessions });
		await expect
			.poll(async () => (await api.request('GET', '/api/users/me', { token: old })).status, quickly)
			.toBe(401);
	});

	it('apply a new log level immediately', async () => {
		const lines = () => api.lines.filter((line) => line.includes('Request refused')).length;
		const level = (name: SystemConfig['logging']['level'], enabled = true) =>
			documents.put('/api/admin/config', { ...systemConfigDefaults, logging: { enabled, level: name } });
		await level('debug');
		const before = lines();
		await api.request('GET', '/api/users/me');
		await expect.poll(lines, quickly).toBe(before + 1);
		await level('warn');
		await api.request('GET', '/api/users/me');
		await level('verbose', false);
		await api.request('GET', '/api/users/me');
		expect(lines()).toBe(before + 1);
	});
});
