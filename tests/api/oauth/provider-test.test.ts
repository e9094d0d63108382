import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { openPage } from '#tests/support/forms.ts';
import { HostileProvider, type Lies } from '#tests/support/hostile-provider.ts';
import { countAll, expectLogged } from '#tests/support/hostile-sign-in.ts';
import { findForms } from '#tests/support/html-form.ts';
import type { Reply } from '#tests/support/http.ts';
import { begin, configureOAuth } from '#tests/support/oauth.ts';
import { clientId, clientSecret } from '#tests/support/oidc.ts';
import { toCookieHeader } from '#tests/support/set-cookie.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
let provider: HostileProvider;
let admin: Awaited<ReturnType<typeof api.accounts.signInAdmin>>;
const settingsPath = '/admin/settings/oauth';
const testPath = `${settingsPath}/test`;
const elsewhere = 'This sign-in has expired or was started in another browser. Please start again.';

beforeAll(async () => {
	provider = await HostileProvider.start();
});
afterAll(() => provider.close());
beforeEach(async () => {
	await api.reset();
	admin = await api.accounts.signInAdmin({ name: 'Ada', email: 'ada@example.test' });
	provider.lies = {};
	provider.person = { sub: 'nora', email: 'nora@example.test', email_verified: true, name: 'Nora <b>New</b>' };
});

const open = (path: string, cookie: string) =>
	api.request('GET', path, { cookie, headers: { accept: 'text/html', host: new URL(api.url).host } });

/** Enters settings without saving and presses the button to try them. */
async function press(
	changes: Readonly<Record<string, string>> = {},
	cookie = buildCookie(admin.token)
): Promise<Reply> {
	const [form] = findForms(await openPage(api, settingsPath, admin.token)).filter(({ names }) =>
		names.includes('base')
	);
	const typed = { enabled: 'on', issuerUrl: provider.issuer, clientId, clientSecret, allowInsecureRequests: 'on' };
	return api.submit(`${settingsPath}?/tryProvider`, { ...form?.fields, ...typed, ...changes }, cookie);
}

/** Starts a try, approves it at the provider, and returns the redirect address and its query. */
async function comeBack(changes: Readonly<Record<string, string>> = {}, lies: Lies = {}) {
	const reply = await press(changes);
	expect(reply.status).toBe(200);
	const [, href = ''] = /href="([^"]+\/authorize\?[^"]+)"/.exec(reply.text) ?? [];
	provider.lies = lies;
	const back = provider.comeBack(href.replaceAll('&amp;', '&'));
	return { back, search: new URL(back).search, flow: toCookieHeader(reply.cookies) };
}

/** Everything that a try must not change: all but the try's own row. */
async function everything() {
	const { prisma } = api;
	const [counts, sessions, identities, settings, events, notices] = await Promise.all([
		countAll(api),
		prisma.session.findMany({ select: { id: true, oauthSid: true } }),
		prisma.oAuthIdentity.findMany(),
		prisma.systemMetadata.findMany({ where: { key: 'system-config' } }),
		// Only the try itself is recorded.
		prisma.auditEvent.count({ where: { action: { not: 'settings.try' } } }),
		prisma.notification.count()
	]);
	return { ...counts, sessions, identities, settings, events, notices };
}

describe('trying unsaved settings', () => {
	it.each([
		['registered', 'A new account would be created', ['nora@example.test', '5 GiB', 'nora.new'], {}],
		['refused where the e-mail is not verified', 'Sign-in would fail', ['does not confirm'], { email_verified: false }],
		['refused where there is no e-mail', 'Sign-in would fail', ['didn’t share'], { email: undefined }],
		[
			'refused as an administrator',
			'Sign-in would fail',
			['belongs to an administrator'],
			{ email: 'ada@example.test' }
		],
		['linked', 'An existing account would be linked', ['Olga'], { email: 'olga@example.test' }],
		['signed in', 'The already linked account would be signed in', ['Paul'], { sub: 'paul' }]
	])('shows who would be %s, and changes nothing', async (_, verdict, words, claims) => {
		await api.accounts.makeUser({ name: 'Olga', email: 'olga@example.test', password: null });
		const paul = await api.accounts.makeUser({ name: 'Paul', email: 'paul@example.test', oauthId: 'paul' });
		const identity = { userId: paul.id, providerId: 'immich', issuer: provider.issuer, subject: 'paul' };
		await api.prisma.oAuthIdentity.create({ data: identity });
		const before = await everything();
		const said = { preferred_username: 'nora.new', immich_quota: 5, groups: ['a', 'b'], ...claims };
		const { back, search, flow } = await comeBack({}, { claims: said, profile: claims });
		const cookie = `${flow}; ${buildCookie(admin.token)}`;
		const led = await open(new URL(back).pathname + search, cookie);
		expect([led.status, led.headers.location]).toEqual([303, testPath + search]);
		const reply = await open(testPath + search, cookie);
		expect(reply.status).toBe(200);
		for (const word of [verdict, ...words, '["a","b"]']) expect(reply.text).toContain(word);
		expect(reply.text).not.toContain('<b>New');
		expect(reply.cookies.filter((set) => set.startsWith('immich_access_token='))).toEqual([]);
		expect(await everything()).toEqual(before);
	});

	it('shows the provider’s fault with the correlation ID in the log', async () => {
		const { search, flow } = await comeBack({}, { claims: { nonce: 'other' } });
		const reply = await open(testPath + search, `${flow}; ${buildCookie(admin.token)}`);
		expect(reply.text).toContain('The ID token belongs to another sign-in (nonce). Try again.');
		expect(reply.text).toContain(String(reply.headers['x-correlation-id']));
		await expectLogged(api, provider, reply, /nonce/);
	});

	it('works once', async () => {
		const { search, flow } = await comeBack();
		const cookie = `${flow}; ${buildCookie(admin.token)}`;
		expect((await open(testPath + search, cookie)).text).toContain('A new account would be created');
		expect((await open(testPath + search, cookie)).text).toContain(elsewhere);
	});

	it('keeps the secret encrypted', async () => {
		await press();
		const tried = await api.prisma.auditEvent.findMany({ where: { action: 'settings.try' } });
		expect(tried).toMatchObject([
			{
				outcome: 'done',
				actorId: admin.user.id,
				changes: { 'settings.oauth.issuerUrl': { from: null, to: provider.issuer } }
			}
		]);
		const row = await api.prisma.oAuthFlow.findFirstOrThrow();
		expect(row).toMatchObject({ kind: 'try', userId: admin.user.id });
		expect(row.snapshot).toEqual(expect.any(String));
		for (const text of [JSON.stringify(row.snapshot), api.lines.join('\n')]) {
			expect(text).not.toContain(clientSecret);
			expect(text).not.toContain(Buffer.from(clientSecret).toString('base64').slice(0, -4));
		}
	});

	it('uses the stored secret if none was entered', async () => {
		await configureOAuth(api, provider);
		const { search, flow } = await comeBack({ clientSecret: '' });
		const reply = await open(testPath + search, `${flow}; ${buildCookie(admin.token)}`);
		expect(reply.text).toContain('A new account would be created');
	});
});

describe('the result of a try', () => {
	it('is not shown to another admin, a user, an anonymous caller, a key, or a demoted admin', async () => {
		const { search, flow } = await comeBack();
		const person = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(admin.user.id, ['adminConfig.update']);
		const headers = { accept: 'text/html' };
		const path = testPath + search;
		expect((await open(path, `${flow}; ${buildCookie(person.token)}`)).status).toBe(403);
		expect((await open(path, flow)).headers.location).toMatch(/^\/auth\/login\?continue=/);
		expect((await api.request('GET', path, { apiKey, cookie: flow, headers })).status).toBe(403);
		await api.prisma.user.update({ where: { id: admin.user.id }, data: { isAdmin: false } });
		expect((await open(path, `${flow}; ${buildCookie(admin.token)}`)).status).toBe(403);
		// Refused requests do not use it up.
		expect(await api.prisma.oAuthFlow.count()).toBe(1);
		const other = await api.accounts.signInAdmin();
		const reply = await open(path, `${flow}; ${buildCookie(other.token)}`);
		expect(reply.text).toContain(elsewhere);
		expect(reply.text).not.toContain('nora@example.test');
		await expectLogged(api, provider, reply, /started for another user/);
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});

	it('signs no one in and links no one', async () => {
		await configureOAuth(api, provider);
		const before = await everything();
		for (const path of ['/api/oauth/callback', '/api/oauth/link']) {
			const { back, flow } = await comeBack();
			const sent = { body: { url: back }, cookie: flow, token: admin.token };
			const reply = await api.request('POST', path, sent);
			expect(reply.status).toBe(500);
			await expectLogged(api, provider, reply, /something else/);
		}
		const { search, flow } = await comeBack();
		const reply = await open(`/user-settings${search}`, `${flow}; ${buildCookie(admin.token)}`);
		expect(reply.text).toContain(elsewhere);
		expect(await everything()).toEqual(before);
	});

	it('is missing for a flow that was started to sign in', async () => {
		await configureOAuth(api, provider);
		const { url, cookie } = await begin(api);
		const { search } = new URL(provider.comeBack(url));
		const reply = await open(testPath + search, `${cookie}; ${buildCookie(admin.token)}`);
		expect(reply.text).toContain(elsewhere);
		expect(reply.text).not.toContain('nora@example.test');
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});

	it('is missing without a response', async () => {
		expect((await open(testPath, buildCookie(admin.token))).text).toContain(elsewhere);
	});
});

describe('POST /admin/settings/oauth?/tryProvider', () => {
	it('returns 403 for users, 303 without a credential, 403 from another site and for keys', async () => {
		const { token, user } = await api.accounts.signIn();
		expect((await press({}, buildCookie(token))).status).toBe(403);
		expect((await press({}, '')).headers.location).toMatch(/^\/auth\/login/);
		const path = `${settingsPath}?/tryProvider`;
		const headers = { accept: 'text/html', origin: 'https://evil.example' };
		const foreign = await api.request('POST', path, { form: {}, headers, cookie: buildCookie(admin.token) });
		expect(foreign.status).toBe(403);
		for (const id of [user.id, admin.user.id]) {
			const apiKey = await api.accounts.makeApiKey(id, ['adminConfig.read']);
			const ours = { accept: 'text/html', origin: api.url, host: new URL(api.url).host };
			expect((await api.request('POST', path, { form: {}, headers: ours, apiKey })).status).toBe(403);
		}
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});

	it('returns 400 for settings that cannot be saved, 404 for another group', async () => {
		expect((await press({ issuerUrl: 'nowhere' })).status).toBe(400);
		expect((await press({ timeout: 'soon' })).status).toBe(400);
		const [form] = findForms(await openPage(api, '/admin/settings/user', admin.token)).filter(({ names }) =>
			names.includes('base')
		);
		const reply = await api.submit('/admin/settings/user?/tryProvider', form?.fields ?? {}, buildCookie(admin.token));
		expect(reply.status).toBe(404);
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});

	it('returns 500 with a message if the provider does not respond', async () => {
		const reply = await press({ issuerUrl: 'http://127.0.0.1:1' });
		expect(reply.status).toBe(500);
		expect(reply.text).toContain('The connection was refused');
		expect(reply.text).not.toContain(clientSecret);
		expect(await api.prisma.oAuthFlow.count()).toBe(0);
	});
});

it('POST /oauth/callback still returns the same message for an expired flow', async () => {
	await configureOAuth(api, provider);
	const { back, flow } = await comeBack();
	await api.prisma.oAuthFlow.deleteMany();
	const reply = await api.request('POST', '/api/oauth/callback', { body: { url: back }, cookie: flow });
	expect([reply.status, reply.body]).toEqual([500, message('Failed to finish oauth')]);
});
