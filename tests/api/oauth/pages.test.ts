import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';
import { Oidc } from '#tests/support/oidc.ts';
import { toCookieHeader } from '#tests/support/set-cookie.ts';

const api = useApi();
const html = { accept: 'text/html' };
let oidc: Oidc;

beforeAll(async () => {
	const ann = { email: 'ann@example.test', email_verified: true };
	oidc = await Oidc.start({ redirectUris: [redirectUri], claims: { ann } });
});
afterAll(() => oidc.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, oidc, { autoLaunch: true });
});

const open = (path: string, cookie = '') => api.request('GET', path, { headers: html, ...(cookie && { cookie }) });
const leadsTo = async (path: string, cookie = '') => {
	const { status, headers } = await open(path, cookie);
	return [status, headers.location ?? ''] as const;
};

describe('the sign-in page', () => {
	it('is skipped if the settings say so, unless the query asks for it', async () => {
		await api.accounts.makeAdmin();
		const [status, address] = await leadsTo('/auth/login');
		expect([status, new URL(address).origin]).toEqual([303, oidc.issuer]);
		for (const query of [
			'autoLaunch=0',
			'password=1',
			'password=true',
			'error=access_denied',
			'error=server_error',
			'code=a'
		])
			expect(await leadsTo(`/auth/login?${query}`), query).toEqual([200, '']);
		for (const query of ['autoLaunch=1', 'autoLaunch=1&password=1', 'password=0', 'autoLaunch=2'])
			expect((await leadsTo(`/auth/login?${query}`))[0], query).toBe(303);
	});

	it('is skipped by autoLaunch=1 regardless of the settings, unless OAuth is off', async () => {
		await api.accounts.makeAdmin();
		await configureOAuth(api, oidc, { autoLaunch: false });
		expect(await leadsTo('/auth/login')).toEqual([200, '']);
		const [status, address] = await leadsTo('/auth/login?autoLaunch=1');
		expect([status, new URL(address).origin]).toEqual([303, oidc.issuer]);
		await configureOAuth(api, oidc, { autoLaunch: false, enabled: false });
		expect(await leadsTo('/auth/login?autoLaunch=1')).toEqual([200, '']);
	});

	it('shows the error in its query, except to a signed-in user', async () => {
		const { token } = await api.accounts.signInAdmin();
		for (const [query, words] of [
			['error=access_denied', 'Sign-in was cancelled or denied by the provider'],
			['error=server_error', 'This sign-in has expired or was started in another browser'],
			['code=unknown', 'This sign-in has expired or was started in another browser']
		] as const) {
			const { status, text } = await open(`/auth/login?${query}`);
			expect([status, text.includes('Sign-in failed'), text.includes(words)]).toEqual([200, true, true]);
			expect(await leadsTo(`/auth/login?${query}`, buildCookie(token))).toEqual([303, '/']);
		}
	});

	it('redirects to first setup before there is an admin', async () => {
		for (const path of ['/auth/login', '/auth/login?provider=immich'])
			expect(await leadsTo(path)).toEqual([303, '/auth/register']);
	});

	it('shows an error for an unknown provider', async () => {
		await api.accounts.makeAdmin();
		const { status, text } = await open('/auth/login?provider=other');
		expect([status, text]).toEqual([200, expect.stringContaining('Sign-in failed')]);
	});
});

describe('signing out', () => {
	const signedInBy = async () => {
		const { token } = await api.accounts.signInAdmin();
		const login = LoginResponseDto.parse((await signInBy(api, oidc, 'ann')).body);
		return {
			password: buildCookie(token),
			provider: `immich_access_token=${login.accessToken}; immich_auth_type=oauth`
		};
	};

	it('redirects a browser signed in with a provider to a page that links to the provider, once', async () => {
		const { provider } = await signedInBy();
		const reply = await api.submit('/auth/logout', {}, provider);
		expect([reply.status, reply.headers.location]).toEqual([303, '/auth/signed-out']);
		const cookie = toCookieHeader(reply.cookies);
		const { text } = await open('/auth/signed-out', cookie);
		expect(text).toContain(`${oidc.issuer}/session/end?id_token_hint=`);
		expect(await leadsTo('/auth/signed-out')).toEqual([303, '/auth/login?autoLaunch=0']);
	});

	it('redirects all others to the sign-in page', async () => {
		const { password } = await signedInBy();
		const reply = await api.submit('/auth/logout', {}, password);
		expect([reply.status, reply.headers.location]).toEqual([303, '/auth/login?autoLaunch=0']);
	});

	it.each(['javascript:alert(1)', 'data:text/html,x', '//evil.example', 'nothing', ''])(
		'ignores a forged address: %s',
		async (address) => {
			await api.accounts.makeAdmin();
			const cookie = `immich_auth_sign_out=${encodeURIComponent(address)}`;
			expect(await leadsTo('/auth/signed-out', cookie)).toEqual([303, '/auth/login?autoLaunch=0']);
		}
	);
});
