import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

describe('invalid settings', () => {
	const garbage = ['nonsense', { passwords: { enforceChange: 'no' }, credentials: null, passwordLogin: 5, server: [] }];

	describe.each(garbage)('%j', (value) => {
		const api = useApi({
			prepare: async ({ prisma }) => {
				await prisma.setting.create({ data: { key: 'immich-auth', value } });
				await prisma.systemMetadata.create({ data: { key: 'system-config', value } });
			}
		});

		it('bypass nothing: the password gate stays closed, and the rest works', async () => {
			const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
			await api.accounts.setPasswordState(user.id);
			const reply = await api.request('GET', '/api/users', { token });
			expect([reply.status, reply.body]).toEqual([403, message('Password change required')]);
			const body = { email: user.email, password };
			expect((await api.request('POST', '/api/auth/login', { body })).status).toBe(201);
			expect((await api.request('GET', '/api/server/config')).status).toBe(200);
		});
	});
});

describe('a database that drops every connection', () => {
	const api = useApi();
	const cut = () => api.prisma.$executeRaw`
		SELECT pg_terminate_backend(pid) FROM pg_stat_activity
		WHERE datname = current_database() AND application_name = 'immich-auth'`;

	it('gives no one access and recovers within moments', async () => {
		const { token } = await api.accounts.signIn();
		await cut();
		const replies = await Promise.all(
			Array.from({ length: 5 }, () => api.request('GET', '/api/admin/users', { token }))
		);
		for (const { status, text } of replies) {
			expect([403, 503]).toContain(status);
			expect(text).not.toMatch(/connection|terminat|postgres/i);
		}
		await expect.poll(async () => (await api.request('GET', '/api/users/me', { token })).status).toBe(200);
	});
});

describe('the log line of a refused sign-in', () => {
	const api = useApi();

	it('keeps the format that log watchers rely on', async () => {
		await api.request('POST', '/api/auth/login', { body: { email: 'nobody@example.test', password } });
		const find = () => api.lines.find((line) => line.includes('Sign-in refused'));
		await expect.poll(find).toBeDefined();
		expect(find()).toMatch(
			/^\{"level":40,"time":"[\d-]+T[\d:.]+Z","address":"127\.0\.0\.1","msg":"Sign-in refused: incorrect email or password"\}$/
		);
	});
});
