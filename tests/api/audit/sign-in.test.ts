import { hash } from '@node-rs/bcrypt';
import { beforeEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi, type Api } from '#tests/support/api.ts';
import { AuditLog, inShort } from '#tests/support/audit.ts';

const login = (api: Api, email: string, typed = password, headers: Record<string, string> = {}) =>
	api.request('POST', '/api/auth/login', { body: { email, password: typed }, headers });

async function last(api: Api) {
	const { token } = await api.accounts.signInAdmin();
	const events = await new AuditLog(api, token).read();
	return events.at(-1);
}

describe('a sign-in', () => {
	const api = useApi({ env: { IMMICH_TRUSTED_PROXIES: '127.0.0.1,::1' } });
	beforeEach(() => api.reset());

	it('is recorded as refused if the temporary password has expired or there is no password', async () => {
		const user = await api.accounts.makeUser({ name: 'Bob', shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id, { expiresAt: new Date(0) });
		expect((await login(api, user.email)).status).toBe(401);
		const linked = await api.accounts.makeUser({ name: 'Olga', password: null });
		expect((await login(api, linked.email)).status).toBe(401);
		const { token } = await api.accounts.signInAdmin();
		expect(await new AuditLog(api, token).story()).toEqual([
			'no actor: auth.signIn of Bob, refused: The temporary password has expired',
			'no actor: auth.signIn of Olga, refused: The account has no password'
		]);
	});

	it('is recorded once per session it creates', async () => {
		const user = await api.accounts.makeUser();
		await Promise.all(Array.from({ length: 4 }, () => login(api, user.email)));
		const { token } = await api.accounts.signInAdmin();
		const events = await new AuditLog(api, token).read(`user=${user.id}`);
		const sessions = await api.prisma.session.findMany({ where: { userId: user.id }, select: { id: true } });
		expect(events.map(({ object }) => object?.id).toSorted()).toEqual(sessions.map(({ id }) => id).toSorted());
	});

	it.each([
		['2001:DB8::1', '2001:db8::1'],
		['::ffff:192.0.2.1', '192.0.2.1'],
		['fe80::1%eth0', 'fe80::1'],
		['10.0.0.1', '10.0.0.1']
	])('from %s is recorded as from %s', async (forwarded, address) => {
		const user = await api.accounts.makeUser();
		expect((await login(api, user.email, password, { 'x-forwarded-for': forwarded })).status).toBe(201);
		expect((await last(api))?.address).toBe(address);
	});

	it('works even if the forwarded address is invalid', async () => {
		const user = await api.accounts.makeUser();
		expect((await login(api, user.email, password, { 'x-forwarded-for': 'unknown' })).status).toBe(201);
		expect(await last(api)).toMatchObject({ action: 'auth.signIn', subject: { id: user.id } });
	});

	it('with a truncated password requires a password change, recorded as done by the server', async () => {
		const long = 'x'.repeat(80);
		const user = await api.accounts.makeUser({ name: 'Bob', password: await hash(long, 4) });
		expect((await login(api, user.email, long)).status).toBe(201);
		const { token } = await api.accounts.signInAdmin();
		const story = (await new AuditLog(api, token).read(`user=${user.id}`)).map(inShort);
		expect(story).toEqual(['no actor: user.requireChange of Bob', 'Bob: auth.signIn']);
	});
});

describe('a password sign-in while that is disabled', () => {
	const api = useApi({
		prepare: async ({ prisma }) => {
			await prisma.systemMetadata.create({
				data: { key: 'system-config', value: { passwordLogin: { enabled: false } } }
			});
		}
	});

	it('is recorded with the user it was for, and without details of unknown users', async () => {
		const user = await api.accounts.makeUser({ name: 'Bob' });
		await login(api, user.email);
		await login(api, 'nobody@example.test');
		const { token } = await api.accounts.signInAdmin();
		expect(await new AuditLog(api, token).story()).toEqual([
			'no actor: auth.signIn of Bob, refused: Password sign-in is turned off',
			'no actor: auth.signIn, refused: Password sign-in is turned off'
		]);
	});
});
