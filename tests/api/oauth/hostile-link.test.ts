import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { HostileProvider, type Lies } from '#tests/support/hostile-provider.ts';
import { expectRefused } from '#tests/support/hostile-sign-in.ts';
import { begin, configureOAuth } from '#tests/support/oauth.ts';
import { toCookieHeader } from '#tests/support/set-cookie.ts';

const api = useApi();
let provider: HostileProvider;
let ann: Awaited<ReturnType<typeof api.accounts.signIn>>;
const failed = /^Failed to link oauth account$/;
const elsewhere = 'This sign-in has expired or was started in another browser. Please start again.';

beforeAll(async () => {
	provider = await HostileProvider.start();
});
afterAll(() => provider.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, provider);
	ann = await api.accounts.signIn();
	provider.lies = {};
	provider.person = { sub: 'eve', email: 'eve@example.test', email_verified: true };
});

/** Starts a flow as any client does, approves it, and links with it. */
async function link(lies: Lies) {
	const { url, cookie } = await begin(api);
	provider.lies = lies;
	return api.request('POST', '/api/oauth/link', { body: { url: provider.comeBack(url) }, cookie, token: ann.token });
}

const open = (path: string, cookie: string) =>
	api.request('GET', path, { cookie, headers: { accept: 'text/html', host: new URL(api.url).host } });

/** Presses the page's button and approves the flow. */
async function beginOnPage(token: string) {
	const reply = await api.submit('/account/providers?/link', { providerId: 'immich' }, buildCookie(token));
	const [, href = ''] = /href="([^"]+\/authorize\?[^"]+)"/.exec(reply.text) ?? [];
	const url = provider.comeBack(href.replaceAll('&amp;', '&'));
	return { url, search: new URL(url).search, flow: toCookieHeader(reply.cookies) };
}

describe('POST /oauth/link returns 500 and links nothing if the provider', () => {
	it.each([
		['signs for another', { claims: { aud: 'other' } }, /aud/],
		['has forgotten the nonce', { claims: { nonce: undefined } }, /nonce/],
		['speaks for another', { claims: { iss: 'https://accounts.example.test' } }, /iss/],
		['has an empty subject', { claims: { sub: '' } }, /sub/],
		['says two names', { claims: { email: undefined }, profile: { sub: 'ann' } }, /sub/],
		['has forgotten the state', { back: { state: 'other' } }, /state/],
		['was not agreed with', { back: { code: undefined, error: 'access_denied' } }, /access_denied/],
		['hangs up', { answers: { token: (response) => response.destroy() } }, /fetch failed/]
	] satisfies [string, Lies, RegExp][])('%s', async (_, lies, reason) => {
		await expectRefused(api, provider, () => link(lies), { says: failed, reason });
		const session = await api.prisma.session.findFirstOrThrow({ where: { userId: ann.user.id } });
		expect([session.oauthSid, session.oauthBearerToken]).toEqual([null, null]);
	});

	it('returns with a flow that another user started on a page', async () => {
		const mallory = await api.accounts.signIn();
		const tries = async () => {
			const { url, flow } = await beginOnPage(mallory.token);
			return api.request('POST', '/api/oauth/link', { body: { url }, cookie: flow, token: ann.token });
		};
		await expectRefused(api, provider, tries, { says: failed, reason: /another user/ });
	});
});

describe('GET /user-settings', () => {
	it('links what the same user started there, once', async () => {
		const { search, flow } = await beginOnPage(ann.token);
		const cookie = `${flow}; ${buildCookie(ann.token)}`;
		const reply = await open(`/user-settings${search}`, cookie);
		expect([reply.status, reply.headers.location]).toEqual([303, '/account/providers?linked']);
		expect((await open(`/user-settings${search}`, cookie)).text).toContain(elsewhere);
		expect(await api.prisma.oAuthIdentity.count()).toBe(1);
	});

	it('links nothing by an address from another user, whatever flow it belongs to', async () => {
		const mallory = await api.accounts.signIn();
		const begun = await begin(api);
		const signIn = { search: new URL(provider.comeBack(begun.url)).search, flow: begun.cookie };
		for (const { search, flow } of [signIn, await beginOnPage(mallory.token)])
			for (const cookie of [buildCookie(ann.token), `${flow}; ${buildCookie(ann.token)}`]) {
				const reply = await open(`/user-settings${search}`, cookie);
				expect(reply.text).toContain('Nothing was changed');
				expect(reply.text).toContain(elsewhere);
				expect(reply.text).toContain(String(reply.headers['x-correlation-id']));
			}
		expect(await api.prisma.oAuthIdentity.count()).toBe(0);
	});

	it('signs no one in with a flow that was started for linking', async () => {
		const tries = async () => {
			const { url, flow } = await beginOnPage(ann.token);
			return api.request('POST', '/api/oauth/callback', { body: { url }, cookie: flow });
		};
		await expectRefused(api, provider, tries, { reason: /something else/ });
	});
});
