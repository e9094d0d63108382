import { beforeAll, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';

const cleared = '"cache", "storage"';

describe('signing out', () => {
	const api = useApi();
	const browser = async () => {
		const { user, token } = await api.accounts.signIn();
		const { id } = await api.prisma.session.findFirstOrThrow({ where: { userId: user.id } });
		return { user, id, token, cookie: `${buildCookie(token)}; immich_maintenance_token=kept` };
	};
	beforeAll(() => api.accounts.makeAdmin());
	const origin = () => ({ origin: api.url, host: new URL(api.url).host });

	it('clears the browser’s cache and storage, however it is done', async () => {
		const [byApi, byForm, byDelete, byDevices] = await Promise.all([browser(), browser(), browser(), browser()]);
		const replies = [
			await api.request('POST', '/api/auth/logout', { cookie: byApi.cookie, headers: origin() }),
			await api.submit('/auth/logout', {}, byForm.cookie),
			await api.request('DELETE', `/api/sessions/${byDelete.id}`, { cookie: byDelete.cookie, headers: origin() }),
			await api.submit('/account/devices?/end', { session: byDevices.id }, byDevices.cookie)
		];
		expect(replies.map(({ status }) => status)).toEqual([200, 303, 204, 303]);
		for (const { headers, cookies } of replies) {
			expect(headers['clear-site-data']).toBe(cleared);
			expect(cookies.filter((text) => text.startsWith('immich_access_token=;'))).toHaveLength(1);
			expect(cookies.join()).not.toContain('immich_maintenance_token');
		}
		for (const { token } of [byApi, byForm, byDelete, byDevices])
			expect((await api.request('GET', '/api/users/me', { token })).status).toBe(401);
	});

	it('clears the cache on the sign-in page if the session was ended elsewhere', async () => {
		const { id, cookie } = await browser();
		await api.prisma.session.delete({ where: { id } });
		const { headers, text } = await api.request('GET', '/auth/login', { cookie, headers: { accept: 'text/html' } });
		expect(headers['clear-site-data']).toBe('"cache"');
		expect(text).toContain('You’ve been signed out');
	});

	it('clears nothing if another session is ended or no one was signed in', async () => {
		const { user, cookie } = await browser();
		await api.accounts.makeSession(user.id);
		const { id } = await api.prisma.session.findFirstOrThrow({
			where: { userId: user.id },
			orderBy: { createdAt: 'desc' }
		});
		const other = await api.request('DELETE', `/api/sessions/${id}`, { cookie, headers: origin() });
		const page = await api.request('GET', '/auth/login', { headers: { accept: 'text/html' } });
		for (const { headers } of [other, page]) expect(headers['clear-site-data']).toBeUndefined();
	});

	it.each([
		'https://evil.example/',
		'http://evil.example',
		'javascript:alert(1)',
		'x',
		'',
		'{}',
		`sign-out ${Date.now() + 9e4} https://evil.example/`
	])('redirects to the sign-in page for a cookie with %j', async (address) => {
		const cookie = `immich_auth_sign_out=${encodeURIComponent(address)}`;
		const reply = await api.request('GET', '/auth/signed-out', { cookie, headers: { accept: 'text/html' } });
		expect([reply.status, reply.headers.location]).toEqual([303, '/auth/login?autoLaunch=0']);
		expect(reply.text).not.toContain('evil');
	});
});

describe('a sign-in cookie that the browser refuses', () => {
	const always = useApi({
		prepare: async ({ prisma }) => {
			await prisma.setting.create({ data: { key: 'immich-auth', value: { cookies: { alwaysSecure: true } } } });
		}
	});
	const plain = useApi();

	/** Keeps the cookies a browser keeps from an http response: none marked secure and none of these names. */
	const keep = (cookies: readonly string[], refused: readonly string[]) =>
		cookies
			.filter((text) => !/; secure/i.test(text) && !refused.some((name) => text.startsWith(`${name}=`)))
			.map((text) => text.split(';')[0])
			.join('; ');

	it.each([
		['is marked as secure on http', always, [], 'only accepts sign-ins over https'],
		['would replace one from https', plain, ['immich_access_token'], 'from an earlier visit over https']
	] as const)('because it %s is explained on the sign-in page, once', async (_, api, refused, words) => {
		await api.accounts.makeAdmin();
		const user = await api.accounts.makeUser();
		const signedIn = await api.submit('/auth/login', { email: user.email, password });
		expect(signedIn.status).toBe(303);
		const cookie = keep(signedIn.cookies, refused);
		const page = await api.request('GET', '/auth/login', { cookie, headers: { accept: 'text/html' } });
		expect(page.text).toContain('Your browser refused the sign-in cookie');
		expect(page.text).toContain(words);
		expect(page.text).toMatch(/href="https:\/\/[\w.]+:\d+"/);
		expect(page.cookies.join()).toContain('immich_auth_signed_in=;');
	});

	it('is not reported if the cookie arrives or no one has signed in', async () => {
		const user = await plain.accounts.makeUser();
		const { cookies } = await plain.submit('/auth/login', { email: user.email, password });
		const arrived = await plain.request('GET', '/auth/login', {
			cookie: keep(cookies, []),
			headers: { accept: 'text/html' }
		});
		expect(arrived.status).toBe(303);
		const fresh = await plain.request('GET', '/auth/login', { headers: { accept: 'text/html' } });
		expect(fresh.text).not.toContain('refused the sign-in cookie');
	});
});
