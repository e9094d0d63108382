import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { useAdminCommand } from '#tests/support/immich-auth.ts';

const api = useApi();
const { command, admin } = useAdminCommand(api);

const asJwt = async (userId: string, token: string) =>
	command.write(
		'profiles/person/session.json',
		JSON.stringify({
			server_url: api.url,
			auth: { type: 'jwt', jwt: { access_token: token, user_id: userId, email: 'x' } },
			created_at: '2026-01-02T03:04:05Z'
		})
	);

describe('sessions', () => {
	it('of a user are listed and ended, one or all', async () => {
		const { user } = await api.accounts.signIn({ email: 'ada@example.test' });
		await api.accounts.makeSession(user.id);
		const sessions = (await command.json(['sessions', 'list', '--user', 'ada'])) as { id: string }[];
		expect(sessions).toHaveLength(2);
		const id = sessions[0]?.id ?? '';
		expect((await command.run(['sessions', 'list', '--user', 'ada'])).out).toContain(id);
		expect(await command.json(['sessions', 'end', id, '--user', 'ada'])).toEqual({ ended: id, user: user.id });
		expect(await api.accounts.countSessions(user.id)).toBe(1);
		expect((await command.run(['sessions', 'end', '--user', 'ada'])).code).toBe(2);
		expect(await command.json(['sessions', 'end', '--user', 'ada', '--yes'])).toEqual({ ended: 'all', user: user.id });
		expect(await api.accounts.countSessions(user.id)).toBe(0);
	});

	it('of one’s own are ended but for this one', async () => {
		const { user, token } = await api.accounts.signIn();
		for (let count = 0; count < 2; count++) await api.accounts.makeSession(user.id);
		await asJwt(user.id, token);
		const own = (await command.json(['sessions', 'list', '--profile', 'person'])) as { id: string; current: boolean }[];
		const other = own.find(({ current }) => !current)?.id ?? '';
		await command.json(['sessions', 'end', other, '--profile', 'person']);
		expect(await command.json(['sessions', 'end', '--others', '--yes', '--profile', 'person'])).toMatchObject({
			ended: 'others'
		});
		expect(await command.json(['sessions', 'list', '--profile', 'person'])).toMatchObject([{ current: true }]);
	});

	it('of everyone are ended', async () => {
		const { user } = await api.accounts.signIn();
		expect(await command.json(['sessions', 'end', '--everyone', '--yes'])).toEqual({ ended: 'everyone', user: null });
		expect(await api.accounts.countSessions(user.id)).toBe(0);
	});

	it('must be chosen in one way', async () => {
		for (const args of [[], ['x', '--others'], ['--others', '--everyone'], ['--user', 'ada', '--everyone']])
			expect((await command.run(['sessions', 'end', ...args, '--yes'])).code).toBe(2);
		const { code, error } = await command.run(['sessions', 'end', '5f0e7bd4-6ad4-4d2a-9ec1-2f3a3a1f8d11']);
		expect([code, error]).toEqual([1, expect.stringContaining('Not found')]);
	});
});

describe('API keys', () => {
	const create = (...more: string[]) =>
		command.json([
			'keys',
			'create',
			'--name',
			'backup',
			'--permission',
			'user.read',
			'album.read',
			...more
		]) as Promise<{
			key: { id: string; expiresAt: string | null };
			secret: string;
		}>;

	it('are created, listed, rotated and deleted', async () => {
		const { key: made, secret } = await create();
		expect((await api.request('GET', '/api/users/me', { apiKey: secret })).status).toBe(200);
		expect(await command.json(['keys', 'list'])).toMatchObject([
			{ id: made.id, name: 'backup', permissions: ['user.read', 'album.read'], expiresAt: null },
			{ name: 'API Key' }
		]);
		expect((await command.run(['keys', 'rotate', 'backup'])).code).toBe(2);
		const rotated = (await command.json(['keys', 'rotate', 'backup', '--yes'])) as { secret: string };
		expect((await api.request('GET', '/api/users/me', { apiKey: secret })).status).toBe(401);
		expect((await api.request('GET', '/api/users/me', { apiKey: rotated.secret })).status).toBe(200);
		expect(await command.json(['keys', 'delete', made.id.slice(0, 13), '--yes'])).toEqual({
			deleted: made.id,
			user: null
		});
		expect((await api.request('GET', '/api/users/me', { apiKey: rotated.secret })).status).toBe(401);
		expect((await command.run(['keys', 'delete', 'backup', '--yes'])).error).toContain('No API key matches');
	});

	it('expire on a day or after some days', async () => {
		const inDays = (days: number) => Date.now() + days * 24 * 60 * 60 * 1_000;
		const after = (await create('--expires', '90d')).key.expiresAt ?? '';
		expect(Math.abs(Date.parse(after) - inDays(90))).toBeLessThan(60_000);
		const day = new Date(inDays(10)).toISOString().slice(0, 10);
		expect((await create('--expires', day)).key.expiresAt).toBe(`${day}T23:59:59.999Z`);
		expect(
			(await command.run(['keys', 'create', '--name', 'x', '--permission', 'all', '--expires', 'soon'])).code
		).toBe(2);
		expect((await command.run(['keys', 'create', '--name', 'x'])).code).toBe(2);
	});

	it('that the profile uses are replaced there too', async () => {
		await command.json(['keys', 'rotate', 'API Key', '--yes']);
		expect((await api.request('GET', '/api/users/me', { apiKey: admin.key })).status).toBe(401);
		expect(await command.json(['whoami'])).toMatchObject({ id: admin.id });
	});

	it('of a user are listed and deleted', async () => {
		const { id } = await api.accounts.makeUser({ email: 'ada@example.test' });
		const secret = await api.accounts.makeApiKey(id);
		expect(await command.json(['keys', 'list', '--user', 'ada'])).toMatchObject([{ name: 'API Key' }]);
		expect(await command.json(['keys', 'delete', 'API Key', '--user', 'ada', '--yes'])).toMatchObject({ user: id });
		expect((await api.request('GET', '/api/users/me', { apiKey: secret })).status).toBe(401);
	});
});

describe('OAuth', () => {
	it('is unlinked from one user, or from all', async () => {
		const users = await Promise.all(
			['ada', 'bob'].map((name) => api.accounts.makeUser({ email: `${name}@example.test`, oauthId: `sub-${name}` }))
		);
		const linked = async () =>
			(await Promise.all(users.map(({ id }) => api.accounts.findUser(id)))).map(({ oauthId }) => oauthId);
		expect((await command.run(['oauth', 'unlink', 'ada'])).code).toBe(2);
		expect(await command.json(['oauth', 'unlink', 'ada', '--yes'])).toMatchObject({ isOAuthLinked: false });
		expect(await linked()).toEqual(['', 'sub-bob']);
		expect((await command.run(['oauth', 'unlink-all'])).code).toBe(2);
		expect(await command.json(['oauth', 'unlink-all', '--yes'])).toEqual({ unlinked: 1 });
		expect(await linked()).toEqual(['', '']);
	});

	it('is not unlinked while an admin could not sign in anymore', async () => {
		await api.accounts.makeAdmin({ email: 'ada@example.test', oauthId: 'sub', password: '' });
		const { code, error } = await command.run(['oauth', 'unlink-all', '--yes']);
		expect([code, error]).toEqual([1, expect.stringContaining('ada@example.test')]);
	});
});
