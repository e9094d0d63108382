import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { immichAuthConfigDefaults } from '#lib/contract/settings/document/immich-auth.ts';
import { oauthProviderDefaults } from '#lib/contract/settings/document/oauth-providers.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import { findForms } from '#tests/support/html-form.ts';
import { begin, comeBack, configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';
import { clientId, clientSecret, Oidc } from '#tests/support/oidc.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
let [first, club]: Oidc[] = [];
const authConfig = '/api/admin/auth-config';
const addPage = '/admin/settings/oauth/add';
const clubPage = '/admin/settings/provider-club';
let token = '';

beforeAll(async () => {
	const ann = { email: 'ann@example.test', email_verified: true };
	first = await Oidc.start({ redirectUris: [redirectUri], claims: { ann } });
	club = await Oidc.start({
		redirectUris: [`${redirectUri}/club`],
		claims: { ann: { email: 'other-ann@example.test', email_verified: true }, cleo: {} }
	});
});
afterAll(() => Promise.all([first?.close(), club?.close()]));
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, firstOne());
	({ token } = await api.accounts.signInAdmin());
});

const firstOne = () => demand(first);
const clubOne = () => demand(club);
function demand(oidc: Oidc | undefined): Oidc {
	if (!oidc) throw new Error('The provider has not been started');
	return oidc;
}

const club1 = () => ({
	...oauthProviderDefaults,
	enabled: true,
	issuerUrl: clubOne().issuer,
	clientId,
	clientSecret,
	allowInsecureRequests: true,
	buttonText: 'Sign in with the club'
});
const put = (providers: Record<string, unknown>, sent: object = { token }) =>
	api.request('PUT', authConfig, {
		body: { ...immichAuthConfigDefaults, oauth: { ...immichAuthConfigDefaults.oauth, providers } },
		...sent
	});
const signInByClub = async (subject: string) => {
	const { url, cookie } = await comeBack(api, clubOne(), subject, { providerId: 'club' });
	return api.request('POST', '/api/oauth/callback', { body: { url }, cookie });
};
const loginPage = async () => (await api.request('GET', '/auth/login', { headers: { accept: 'text/html' } })).text;

describe('a second provider', () => {
	it('is added by name, filled in, and offered on the sign-in page, all without scripts', async () => {
		const added = await fillIn(api, addPage, token, { by: { field: 'id' }, changes: { id: ' Club ' } });
		expect([added.status, added.headers.location]).toEqual([303, clubPage]);
		expect(await loginPage()).not.toContain('provider=club');
		const saved = await api.submit(
			`${clubPage}?/save`,
			await filledIn({
				enabled: 'on',
				issuerUrl: clubOne().issuer,
				clientId,
				clientSecret,
				allowInsecureRequests: 'on'
			}),
			buildCookie(token)
		);
		expect([saved.status, saved.headers.location]).toEqual([303, clubPage]);
		const html = await loginPage();
		expect(html).toContain('provider=club');
		expect(html).toContain('Sign in with Club');
		const { changes } = await api.prisma.auditEvent.findFirstOrThrow({
			where: { action: 'settings.update' },
			orderBy: { id: 'desc' }
		});
		expect(changes).toMatchObject({
			'settings.security.oauth.providers.club.clientSecret': { from: null, to: 'changed' },
			'settings.security.oauth.providers.club.enabled': { from: false, to: true }
		});
		expect((await signInByClub('ann')).body).toMatchObject({ userEmail: 'other-ann@example.test' });
	});

	it('keeps its secret hidden, and keeps it when the mask is sent back', async () => {
		await put({ club: club1() });
		const { body, text } = await api.request('GET', authConfig, { token });
		expect(text).not.toContain(clientSecret);
		expect(await openPage(api, clubPage, token)).not.toContain(clientSecret);
		expect((await api.request('PUT', authConfig, { token, body })).status).toBe(200);
		expect((await signInByClub('ann')).status).toBe(201);
		expect(JSON.stringify(await api.prisma.auditEvent.findMany({ select: { changes: true } }))).not.toContain(
			clientSecret
		);
	});

	it('is tried as typed before it is enabled', async () => {
		await put({ club: { ...oauthProviderDefaults, buttonText: 'Club' } });
		const typed = await filledIn({
			issuerUrl: clubOne().issuer,
			clientId: 'tried',
			clientSecret,
			allowInsecureRequests: 'on'
		});
		const reply = await api.submit(`${clubPage}?/tryProvider`, typed, buildCookie(token));
		expect(reply.status).toBe(200);
		expect(reply.text).toContain('Connected, but the provider rejects these settings');
		expect(reply.text).toContain(`${clubOne().issuer}/auth?`);
		expect(reply.text).toContain('client_id=tried');
	});

	it('is linked and unlinked independently of the first', async () => {
		await put({ club: club1() });
		const { user, token: own } = await api.accounts.signIn();
		for (const [oidc, body] of [
			[firstOne(), {}],
			[clubOne(), { providerId: 'club' }]
		] as const) {
			const { url, cookie } = await comeBack(api, oidc, 'ann', body);
			expect((await api.request('POST', '/api/oauth/link', { body: { url }, cookie, token: own })).status).toBe(200);
		}
		for (const signedIn of [await signInBy(api, firstOne(), 'ann'), await signInByClub('ann')])
			expect(signedIn.body).toMatchObject({ userId: user.id });
		const page = '/account/providers';
		const changes = { providerId: 'immich' };
		expect((await fillIn(api, page, own, { by: { action: '?/unlink' }, changes })).status).toBe(303);
		expect(await api.accounts.findUser(user.id)).toMatchObject({ oauthId: '' });
		expect((await signInByClub('ann')).body).toMatchObject({ userId: user.id });
		const admins = `/admin/users/${user.id}/unlink`;
		expect((await api.submit(admins, { providerId: 'immich' }, buildCookie(token))).status).toBe(303);
		expect(await api.prisma.oAuthIdentity.count()).toBe(1);
		expect((await api.submit(admins, { providerId: 'club' }, buildCookie(token))).status).toBe(303);
		expect(await api.prisma.oAuthIdentity.count()).toBe(0);
	});

	it('makes its users show as linked everywhere', async () => {
		await put({ club: club1() });
		await signInByClub('ann');
		const listed = async (signIn: string) => openPage(api, `/admin/users?signIn=${signIn}`, token);
		expect(await listed('oauth')).toContain('other-ann@example.test');
		expect(await listed('password')).not.toContain('other-ann@example.test');
		const { id } = await api.prisma.user.findFirstOrThrow({ where: { email: 'other-ann@example.test' } });
		const openUserPage = () => openPage(api, `/admin/users/${id}`, token);
		expect(await openUserPage()).toContain('Sign-in should work');
		await put({ club: { ...club1(), enabled: false } });
		expect(await openUserPage()).not.toContain('Sign-in should work');
	});

	it('cannot respond for the first', async () => {
		await put({ club: club1() });
		const begun = await begin(api);
		const answer = new URL((await comeBack(api, clubOne(), 'ann', { providerId: 'club' })).url);
		answer.searchParams.set('state', new URL(begun.url).searchParams.get('state') ?? '');
		const body = { url: answer.href };
		const reply = await api.request('POST', '/api/oauth/callback', { body, cookie: begun.cookie });
		expect([reply.status, reply.body]).toEqual([500, message('Failed to finish oauth')]);
		expect(await api.prisma.session.count()).toBe(1);
	});

	it('is removed: no one is unlinked, but no one can sign in with it', async () => {
		await put({ club: club1() });
		expect((await signInByClub('ann')).status).toBe(201);
		const page = `${clubPage}/remove`;
		expect(await openPage(api, page, token)).toContain('1 user can sign in through it');
		const removed = await api.submit(page, {}, buildCookie(token));
		expect([removed.status, removed.headers.location]).toEqual([303, '/admin/settings/oauth']);
		const body = { redirectUri, providerId: 'club' };
		expect((await api.request('POST', '/api/oauth/authorize', { body })).status).toBe(400);
		expect(await api.prisma.oAuthIdentity.count()).toBe(1);
		const sent = { cookie: buildCookie(token), headers: { accept: 'text/html' } };
		for (const gone of [clubPage, page]) expect((await api.request('GET', gone, sent)).status).toBe(404);
		expect((await api.submit(page, {}, buildCookie(token))).status).toBe(404);
	});

	it('comes after the first, ordered by its position', async () => {
		const named = (buttonText: string, position: number) => ({ ...club1(), buttonText, position });
		await put({ a: named('Third one', 3), b: named('Second one', 2) });
		const html = await loginPage();
		const places = ['Sign in by provider', 'Second one', 'Third one'].map((text) => html.indexOf(text));
		expect(places).toEqual(places.toSorted((one, other) => one - other));
		expect(places).not.toContain(-1);
	});
});

describe('refused settings', () => {
	it.each([['immich'], [''], ['a b'], ['-a'], ['Ä'], ['a'.repeat(33)], ['../x']])(
		'a provider named ‘%s’',
		async (id) => {
			expect((await api.submit(addPage, { id }, buildCookie(token))).status).toBe(400);
			expect((await put({ [id]: club1() })).status).toBe(400);
		}
	);

	it('two providers with the same name, and more than ten', async () => {
		await put({ club: club1() });
		const again = await api.submit(addPage, { id: 'club' }, buildCookie(token));
		expect([again.status, again.text]).toEqual([400, expect.stringContaining('with this ID already')]);
		const ten = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`p${index}`, club1()]));
		expect((await put({ ...ten, p10: club1() })).status).toBe(400);
		expect((await put(ten)).status).toBe(200);
		const eleventh = await api.submit(addPage, { id: 'p10' }, buildCookie(token));
		expect([eleventh.status, eleventh.text]).toEqual([400, expect.stringContaining('Maximum number of providers')]);
	});

	it('an enabled provider without an address, or with wrong types', async () => {
		for (const wrong of [{ issuerUrl: '' }, { clientId: '' }, { issuerUrl: 'nowhere' }, { timeout: 'long' }])
			expect((await put({ club: { ...club1(), ...wrong } })).status).toBe(400);
	});

	it('any access by other users', async () => {
		await put({ club: club1() });
		const person = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(person.user.id, ['adminConfig.update']);
		for (const [sent, status] of [
			[{}, 401],
			[{ token: person.token }, 403],
			[{ apiKey }, 403]
		] as const)
			expect((await put({}, sent)).status).toBe(status);
		for (const page of [addPage, `${clubPage}/remove`, `${clubPage}?/save`]) {
			const fields = { id: 'mine', version: '', base: '' };
			expect((await api.submit(page, fields, buildCookie(person.token))).status).toBe(403);
			expect((await api.submit(page, fields)).status).toBe(303);
		}
		expect((await signInByClub('ann')).status).toBe(201);
	});
});

/** The values posted by the second provider's form with these fields filled in. */
async function filledIn(changes: Readonly<Record<string, string>>): Promise<Record<string, string>> {
	const [form] = findForms(await openPage(api, clubPage, token)).filter(({ names }) => names.includes('base'));
	if (!form) throw new Error('No form of settings');
	return { ...form.fields, ...changes };
}
