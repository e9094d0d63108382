import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { HostileProvider } from '#tests/support/hostile-provider.ts';
import { configureOAuth } from '#tests/support/oauth.ts';
import { toCookieHeader } from '#tests/support/set-cookie.ts';
import { filesIn, readSource } from '#tests/support/source-files.ts';

const api = useApi({ env: { IMMICH_TRUSTED_PROXIES: '127.0.0.1,::1' } });
const host = 'photos.example.test';
let provider: HostileProvider;
let token = '';

beforeAll(async () => {
	provider = await HostileProvider.start();
	provider.person = { sub: 'ann', email: 'ann@example.test', email_verified: true };
	({ token } = await api.accounts.signInAdmin());
});
// Not in beforeAll, because expect.poll works only in tests.
beforeEach(() => configureOAuth(api, provider));
afterAll(() => provider.close());

type Scheme = 'http' | 'https';
const buildHeaders = (scheme: Scheme) => ({
	'x-forwarded-proto': scheme,
	host,
	accept: 'text/html',
	origin: `${scheme}://${host}`
});
const get = (scheme: Scheme, path: string, cookie: string) =>
	api.request('GET', path, { headers: buildHeaders(scheme), cookie });
const post = (scheme: Scheme, path: string, form: Record<string, string>, cookie: string) =>
	api.request('POST', path, { headers: buildHeaders(scheme), form, cookie });

const begin = (scheme: Scheme) => get(scheme, '/auth/login?provider=immich&autoLaunch=1', '');
async function signIn(scheme: Scheme) {
	const begun = await begin(scheme);
	const back = new URL(provider.comeBack(begun.headers.location ?? ''));
	return get(scheme, back.pathname + back.search, toCookieHeader(begun.cookies));
}
async function startBatch(scheme: Scheme) {
	const { id } = await api.accounts.makeUser();
	const batch = await new Batches(api, token).draft({ kind: 'resetPassword', ids: [id] });
	return post(scheme, `/admin/users/batches/${batch.id}?/start`, {}, buildCookie(token));
}

describe.each<[string, (scheme: Scheme) => Promise<{ cookies: readonly string[] }>, string, 'Lax' | 'Strict', boolean]>(
	[
		['immich_oauth_state', begin, '/', 'Lax', true],
		['immich_oauth_code_verifier', begin, '/', 'Lax', true],
		['immich_auth_continue', begin, '/auth/login', 'Lax', true],
		['immich_access_token', signIn, '/', 'Lax', true],
		['immich_auth_type', signIn, '/', 'Lax', true],
		['immich_is_authenticated', signIn, '/', 'Lax', false],
		['immich_auth_download_', startBatch, '/admin/users/batches', 'Strict', true],
		[
			'immich_auth_user_columns',
			(scheme) => get(scheme, '/admin/users?column=email', buildCookie(token)),
			'/admin/users',
			'Lax',
			true
		],
		[
			'immich_auth_sign_out',
			async (scheme) => post(scheme, '/auth/logout', {}, toCookieHeader((await signIn(scheme)).cookies)),
			'/auth/signed-out',
			'Lax',
			true
		]
	]
)('the cookie %s', (name, set, path, sameSite, isHidden) => {
	it.each<[Scheme]>([['https'], ['http']])('has its attributes on %s', async (scheme) => {
		const { cookies } = await set(scheme);
		const [cookie = '', ...others] = cookies.filter((text) => text.startsWith(name) && !/=;/.test(text));
		expect(others).toEqual([]);
		const attributes = cookie.split('; ').slice(1);
		expect(attributes.includes('Secure')).toBe(scheme === 'https');
		expect(attributes.includes('HttpOnly')).toBe(isHidden);
		expect(attributes).toContain(`SameSite=${sameSite}`);
		expect(attributes).toContain(`Path=${path}`);
		expect(attributes.some((text) => text.startsWith('Max-Age='))).toBe(true);
	});
});

describe('the maintenance cookie', () => {
	it.each<[Scheme]>([['https'], ['http']])('has its attributes on %s', async (scheme) => {
		const headers = { 'x-forwarded-proto': scheme, host };
		const started = await api.request('POST', '/api/admin/maintenance', { token, headers, body: { action: 'start' } });
		const cookie = started.cookies.find((text) => text.startsWith('immich_maintenance_token=')) ?? '';
		const attributes = cookie.split('; ').slice(1);
		expect(attributes.includes('Secure')).toBe(scheme === 'https');
		expect(attributes).toContain('HttpOnly');
		expect(attributes).toContain('SameSite=Lax');
		const [pair = ''] = cookie.split(';');
		await api.request('POST', '/api/admin/maintenance', {
			cookie: pair,
			headers: { host, origin: `http://${host}` },
			body: { action: 'end' }
		});
	});
});

it('only one module sets cookies', () => {
	const setters = filesIn('src', /\.ts$/).filter((file) => /cookies\.set\(/.test(readSource(file)));
	expect(setters.filter((file) => !/\/(oauth-)?cookies(\.http)?\.ts$/.test(file))).toEqual([]);
});
