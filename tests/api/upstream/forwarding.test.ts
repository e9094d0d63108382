import { createHash, randomBytes } from 'node:crypto';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { StandInImmich } from '#tests/support/stand-in-immich.ts';

const immich = await new StandInImmich().start();
afterAll(() => immich.stop());
const api = useApi({ env: { IMMICH_UPSTREAM_URL: immich.url }, prepare: ({ pool }) => immich.share(pool) });

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const ask = (path: string, init: RequestInit = {}) => fetch(api.url + path, { redirect: 'manual', ...init });

async function signedIn(fields = {}) {
	const { user, token } = await api.accounts.signIn(fields);
	return { user, token, headers: bearer(token) };
}

beforeEach(() => void immich.take());

describe('what goes where', () => {
	it('forwards Immich’s API, its pages and its files, and nothing of ours', async () => {
		const { headers } = await signedIn({ isAdmin: true });
		const accept = { accept: 'text/html' };
		for (const path of [
			'/api/albums',
			'/api/people?size=3',
			'/api/server/version',
			'/api/assets/x/thumbnail?size=a%2Fb'
		])
			expect((await ask(path, { headers })).status, path).toBe(200);
		for (const path of ['/', '/photos', '/albums', '/share/abc', '/_app/immutable/a.js', '/auth/onboarding'])
			expect(await (await ask(path, { headers: accept })).text(), path).toBe('Immich page');
		expect(immich.take().map(({ url }) => url)).toEqual([
			...['/api/albums', '/api/people?size=3', '/api/server/version', '/api/assets/x/thumbnail?size=a%2Fb'],
			...['/', '/photos', '/albums', '/share/abc', '/_app/immutable/a.js', '/auth/onboarding']
		]);
		for (const path of [
			'/api/users/me',
			'/API/Users/ME/',
			'/api/sessions',
			'/auth/login',
			'/admin/users',
			'/healthz',
			'/.well-known/immich'
		])
			expect((await ask(path, { headers })).status, path).toBeLessThan(400);
		expect(immich.take()).toEqual([]);
	});

	it('sends users to the page of Immich that replaces one of ours', async () => {
		const reply = await ask('/account/shared-links');
		expect([reply.status, reply.headers.get('location')]).toEqual([303, '/shared-links']);
	});

	it('keeps Host, writes X-Forwarded-* itself and passes on neither headers of the connection nor ours', async () => {
		const { headers } = await signedIn();
		const sent = {
			...headers,
			'x-forwarded-for': '203.0.113.9',
			'x-immich-auth-setup-code': 'secret',
			'x-other': 'Kept',
			te: 'trailers'
		};
		await ask('/api/albums', { headers: sent });
		const names = new Map<string, string>();
		const raw = immich.take()[0]?.rawHeaders ?? [];
		for (let index = 0; index < raw.length; index += 2)
			names.set((raw[index] ?? '').toLowerCase(), raw[index + 1] ?? '');
		expect(names.get('host')).toBe(new URL(api.url).host);
		expect(names.get('x-forwarded-for')).toBe('203.0.113.9');
		expect(names.get('x-forwarded-proto')).toBe('http');
		expect(names.get('x-other')).toBe('Kept');
		expect(names.get('authorization')).toBe(headers.authorization);
		expect([names.has('te'), names.has('x-immich-auth-setup-code')]).toEqual([false, false]);
	});
});

describe('who is let through', () => {
	it('judges each request before Immich sees it', async () => {
		for (const headers of [{}, bearer('wrong'), { 'x-api-key': 'wrong' }])
			expect((await ask('/api/albums', { headers })).status).toBe(401);
		expect(immich.take()).toEqual([]);
	});

	it('lets visitors of shared links and API keys pass', async () => {
		const { user } = await signedIn();
		const secret = await api.accounts.makeApiKey(user.id);
		expect((await ask('/api/albums/x', { headers: { 'x-immich-share-key': 'good' } })).status).toBe(200);
		expect((await ask('/api/albums/x?key=good')).status).toBe(200);
		expect((await ask('/api/albums/x?key=bad')).status).toBe(401);
		expect((await ask('/api/albums', { headers: { 'x-api-key': secret } })).status).toBe(200);
		expect(immich.take()).toHaveLength(4);
	});

	it('keeps a user who must change the password out of Immich’s API until they do', async () => {
		const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id);
		await api.request('POST', '/api/nothing');
		expect((await ask('/api/albums', { headers: bearer(token) })).status).toBe(403);
		expect(immich.take()).toEqual([]);
	});

	it('refuses changes that another site has a browser send', async () => {
		const { token } = await signedIn();
		const cookie = buildCookie(token);
		const send = (origin: string) => ask('/api/albums', { method: 'POST', headers: { cookie, origin } });
		expect((await send('https://evil.example')).status).toBe(403);
		expect((await send(api.url)).status).toBe(201);
		expect(immich.take()).toHaveLength(1);
	});
});

describe('bodies', () => {
	it('streams an upload and a download unchanged, with ranges', async () => {
		const { headers } = await signedIn();
		const body = randomBytes(3_000_000);
		const reply = await ask('/api/assets', { method: 'POST', headers, body });
		const sha256 = createHash('sha256').update(body).digest('hex');
		expect([reply.status, await reply.json()]).toEqual([201, expect.objectContaining({ bytes: body.length, sha256 })]);
		const whole = await ask('/api/assets/x/original', { headers });
		expect((await whole.arrayBuffer()).byteLength).toBe(4 * 1_048_576);
		const part = await ask('/api/assets/x/original', { headers: { ...headers, range: 'bytes=6-17' } });
		expect([part.status, part.headers.get('content-range'), await part.text()]).toEqual([
			206,
			'bytes 6-17/4194304',
			'immichimmich'
		]);
	});

	it('takes 200 uploads at the same time', async () => {
		const { headers } = await signedIn();
		const body = randomBytes(200_000);
		const replies = await Promise.all(
			Array.from({ length: 200 }, () => ask('/api/assets', { method: 'POST', headers, body }))
		);
		expect(new Set(replies.map(({ status }) => status))).toEqual(new Set([201]));
		expect(immich.take().every(({ bytes }) => bytes === body.length)).toBe(true);
	});
});
