import os from 'node:os';
import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const refused = message('Cross-site request refused');
const html = { accept: 'text/html' };

/** How users reach a home server: by name, by IP address, and by any address the machine has on its network. */
const hosts = [
	'localhost',
	'127.0.0.1',
	'[::1]',
	'nas',
	'photos.local',
	...Object.values(os.networkInterfaces())
		.flatMap((addresses) => addresses ?? [])
		.filter(({ family, internal }) => family === 'IPv4' && !internal)
		.map(({ address }) => address)
];

/** Submits the sign-in form as a browser at `host` would, with these headers about the form's origin. */
async function signIn(host: string, headers: (origin: string) => Record<string, string>) {
	const { email } = await api.accounts.makeAdmin();
	const authority = `${host}:${new URL(api.url).port}`;
	return api.request('POST', '/auth/login', {
		form: { email, password },
		headers: { ...html, host: authority, ...headers(`http://${authority}`) }
	});
}

describe('the sign-in form', () => {
	it.each(hosts)('is accepted at http://%s', async (host) => {
		const reply = await signIn(host, (origin) => ({ origin }));
		expect([reply.status, reply.headers.location]).toEqual([303, '/']);
		expect(reply.cookies.map((cookie) => cookie.split('=')[0]).sort()).toEqual([
			'immich_access_token',
			'immich_auth_browser',
			'immich_auth_signed_in',
			'immich_auth_type',
			'immich_is_authenticated'
		]);
		for (const cookie of reply.cookies) expect(cookie).not.toMatch(/secure/i);
	});

	it.each(['same-origin', 'none'])('is accepted without Origin if Sec-Fetch-Site is %s', async (site) => {
		expect((await signIn('localhost', () => ({ 'sec-fetch-site': site }))).status).toBe(303);
	});

	it.each(['null', 'http://localhost', 'https://photos.example.test:8443'])(
		'is accepted with Origin: %s if Sec-Fetch-Site is same-origin',
		async (origin) => {
			const reply = await signIn('localhost', () => ({ origin, 'sec-fetch-site': 'same-origin' }));
			expect(reply.status).toBe(303);
		}
	);

	it.each([
		['a foreign Origin', () => ({ origin: 'http://evil.test' })],
		['Origin: null', () => ({ origin: 'null' })],
		['an empty Origin', () => ({ origin: '' })],
		['our host by https', (origin: string) => ({ origin: origin.replace('http:', 'https:') })],
		['our host at another port', () => ({ origin: 'http://localhost:1' })],
		['our origin with a tail', (origin: string) => ({ origin: `${origin}.evil.test` })],
		['two origins', (origin: string) => ({ origin: `${origin}, http://evil.test` })],
		['no Origin and Sec-Fetch-Site: cross-site', () => ({ 'sec-fetch-site': 'cross-site' })],
		['no Origin and Sec-Fetch-Site: same-site', () => ({ 'sec-fetch-site': 'same-site' })],
		['neither', () => ({})],
		['only a Referer of ours', (origin: string) => ({ referer: `${origin}/auth/login` })],
		['our Origin and Sec-Fetch-Site: cross-site', (origin: string) => ({ origin, 'sec-fetch-site': 'cross-site' })],
		['a foreign Origin and Sec-Fetch-Site: none', () => ({ origin: 'http://evil.test', 'sec-fetch-site': 'none' })]
	])('is rejected with %s', async (_, headers) => {
		const reply = await signIn('localhost', headers);
		expect(reply.status).toBe(403);
		expect(reply.cookies).toEqual([]);
	});

	it('is rejected in each encoding a foreign page can send', async () => {
		for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded', '']) {
			const headers = { origin: 'http://evil.test', 'content-type': type };
			expect((await api.request('POST', '/auth/login', { raw: 'a=b', headers })).status).toBe(403);
		}
	});
});

describe('a rejected form explains the reason', () => {
	const explained = async (headers: Record<string, string>) => {
		const reply = await signIn('localhost', () => headers);
		expect(reply.status).toBe(403);
		expect(reply.text).toContain('This form came from another address');
		expect(reply.text).not.toMatch(/signed in as|your account/i);
		return reply.text;
	};

	it('with both addresses and the headers the proxy must pass, if they differ', async () => {
		const text = await explained({ origin: 'http://localhost:8080' });
		expect(text).toContain('http://localhost:8080');
		expect(text).toContain(`http://localhost:${new URL(api.url).port}`);
		expect(text).toContain('proxy_set_header Host $http_host');
		expect(text).toContain('X-Forwarded-Proto');
		expect(text).toContain('IMMICH_TRUSTED_PROXIES');
	});

	it('without repeating an Origin that is not a URL', async () => {
		expect(await explained({ origin: 'http://a<script>alert(1)</script>' })).not.toContain('<script>alert');
	});

	it.each([{ origin: 'null' }, {}])('with the policy that hides it, for %j', async (headers) => {
		expect(await explained(headers)).toContain('Referrer-Policy: no-referrer');
	});

	it('with the other site, if the browser reports it', async () => {
		expect(await explained({ 'sec-fetch-site': 'cross-site' })).toContain('another site sent this form');
	});

	it('and the page sets its own referrer policy, whatever header a proxy adds', async () => {
		const reply = await api.request('GET', '/auth/login', { headers: html });
		expect(reply.text).toContain('<meta name="referrer" content="same-origin"');
	});
});

describe('a page that acts when it is opened', () => {
	const paths = [
		'/auth/login?code=x&state=y',
		'/auth/login?provider=main',
		'/user-settings?code=x&state=y',
		'/admin/settings/oauth/test?code=x&state=y',
		'/auth/signed-out',
		'/maintenance?token=x'
	];

	it.each(paths)('%s is not loaded by another site as an image, frame or script', async (path) => {
		const { token } = await api.accounts.signInAdmin();
		for (const dest of ['image', 'iframe', 'script', 'empty', 'object']) {
			const headers = { ...html, 'sec-fetch-site': 'cross-site', 'sec-fetch-dest': dest };
			const reply = await api.request('GET', path, { cookie: buildCookie(token), headers });
			expect([reply.status, reply.cookies]).toEqual([403, []]);
		}
	});

	it('opens from a link on another site', async () => {
		const headers = {
			...html,
			'sec-fetch-site': 'cross-site',
			'sec-fetch-mode': 'navigate',
			'sec-fetch-dest': 'document'
		};
		await api.accounts.makeAdmin();
		expect((await api.request('GET', '/auth/login', { headers })).status).toBe(200);
	});
});

describe("a page's form with a valid cookie", () => {
	it.each([
		['a foreign Origin', { origin: 'http://evil.test' }],
		['no Origin at all', {}],
		['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }]
	])('changes nothing with %s', async (_, headers) => {
		const { user, token } = await api.accounts.signIn();
		const form = { name: 'Forged', email: user.email, avatarColor: 'red' };
		const cookie = buildCookie(token);
		const reply = await api.request('POST', '/account/profile?/save', {
			form,
			cookie,
			headers: { ...html, ...headers }
		});
		expect(reply.status).toBe(403);
		expect(reply.text).not.toContain(user.email);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it.each([
		['a foreign Origin', { origin: 'http://evil.test' }],
		['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }]
	])('does not sign the user out with %s', async (_, headers) => {
		const { user, token } = await api.accounts.signIn();
		await api.request('POST', '/auth/logout', { form: {}, cookie: buildCookie(token), headers });
		expect(await api.accounts.countSessions(user.id)).toBe(1);
	});
});

describe('a GET request to a page', () => {
	it.each(['/auth/logout', '/auth/logout?/default', '/account/profile?/save&name=Forged'])(
		'%s changes nothing',
		async (path) => {
			const { user, token } = await api.accounts.signIn();
			await api.request('GET', path, { cookie: buildCookie(token), headers: html });
			expect(await api.accounts.findUser(user.id)).toEqual(user);
			expect(await api.accounts.countSessions(user.id)).toBe(1);
		}
	);
});

describe('/api', () => {
	const update = (sent: object) => api.request('PUT', '/api/users/me', { body: { name: 'Forged' }, ...sent });

	it.each([
		['a foreign Origin', { origin: 'http://evil.test' }],
		['Origin: null', { origin: 'null' }],
		['Sec-Fetch-Site: cross-site', { 'sec-fetch-site': 'cross-site' }],
		['Sec-Fetch-Site: same-site', { 'sec-fetch-site': 'same-site' }]
	])('rejects a cookie with %s, but accepts a token or key with it', async (_, headers) => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id);
		const reply = await update({ cookie: buildCookie(token), headers });
		expect([reply.status, reply.body]).toEqual([403, refused]);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
		expect((await update({ token, headers })).status).toBe(200);
		expect((await update({ apiKey, headers })).status).toBe(200);
	});

	it('accepts a cookie from an app that sends no origin headers', async () => {
		const { token } = await api.accounts.signIn();
		expect((await update({ cookie: buildCookie(token) })).status).toBe(200);
	});

	it('accepts a cookie from our own pages', async () => {
		const { token } = await api.accounts.signIn();
		const headers = { origin: api.url, host: new URL(api.url).host, 'sec-fetch-site': 'same-origin' };
		expect((await update({ cookie: buildCookie(token), headers })).status).toBe(200);
	});

	it('lets a foreign page read nothing: no response allows another origin', async () => {
		const { token } = await api.accounts.signIn();
		const headers = { origin: 'http://evil.test' };
		const reply = await api.request('GET', '/api/users/me', { cookie: buildCookie(token), headers });
		expect(Object.keys(reply.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
		expect(reply.headers['cross-origin-resource-policy']).toBe('same-origin');
	});

	it.each([
		['sign a user in', '/api/auth/login'],
		['make the first administrator', '/api/auth/admin-sign-up']
	])('cannot be used from a foreign page to %s', async (_, path) => {
		const { email } = await api.accounts.makeUser();
		// A form needs no preflight, so any page can send it into the visitor's own network.
		const form = { email, password, name: 'Evil' };
		const headers = { origin: 'http://evil.test', 'sec-fetch-site': 'cross-site' };
		const reply = await api.request('POST', path, { form, headers });
		expect([reply.status, reply.cookies]).toEqual([403, []]);
	});
});
