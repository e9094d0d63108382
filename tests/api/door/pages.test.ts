import { describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { UserBatchResponseDto } from '#lib/contract/user-batches/user-batch.ts';
import { unknownId } from '#tests/support/operations.ts';
import { reviewedForms, reviewedPages } from '#tests/support/access-table.ts';

const api = useApi();
const html = { accept: 'text/html' };
const victimName = 'Nobody Must See This';
const secrets = [victimName, 'hidden-label', 'victim@example.test'];

const adminForms = reviewedForms.filter(({ route }) => route.startsWith('/(console)/admin'));
const adminPages = reviewedPages.filter(({ who }) => who === 'admin');
const signedInPages = reviewedPages.filter(({ who }) => who !== 'anyone');
/** Pages that only respond in a state set up by their own tests. */
const situational = ['/(console)/admin/settings/[group]/remove', '/(console)/admin/settings/oauth/test'];

/** What some pages need in the query, to show anything. */
const queries: Readonly<Record<string, string>> = { '/(console)/admin/sessions/matching': '?device=Firefox' };

/** Returns the path of a route about one user. */
const getPath = (route: string, userId: string, names: Readonly<Record<string, string>> = {}) =>
	route
		.replace(/\/\([^)]+\)/g, '')
		.replaceAll(/\[(\w+)(?:=\w+)?\]/g, (_, name: string) => names[name] ?? { group: 'trash' }[name] ?? userId) || '/';

/** Creates what else a page needs besides the user, and returns the page's path. */
async function existingPath(route: string, userId: string, adminToken: string): Promise<string> {
	if (route.includes('[keyId=uuid]')) {
		await api.accounts.makeApiKey(userId);
		const { id: keyId } = await api.prisma.apiKey.findFirstOrThrow({ where: { userId } });
		return getPath(route, userId, { keyId });
	}
	if (!route.includes('/batches/[id=uuid]')) return getPath(route, userId);
	const body = { kind: 'requireChange', ids: [userId] };
	const drafted = await api.request('POST', '/api/admin/user-batches', { token: adminToken, body });
	return getPath(route, UserBatchResponseDto.parse(drafted.body).id);
}

const getDataPath = (path: string) => (path === '/' ? '/__data.json' : `${path}/__data.json`);

async function makeVictim() {
	await api.prisma.user.deleteMany({ where: { email: 'victim@example.test' } });
	return api.accounts.makeUser({ name: victimName, email: 'victim@example.test', storageLabel: 'hidden-label' });
}

function expectNothingRevealed(text: string): void {
	for (const secret of secrets) expect(text).not.toContain(secret);
}

/** Fields that satisfy each form, so that only the auth hook can reject it. */
const valid = {
	name: 'Taken Over',
	email: 'taken-over@example.test',
	storageLabel: '',
	quota: '',
	isAdmin: 'on',
	password: 'a valid password',
	shouldChangePassword: 'on',
	force: 'on',
	confirmation: 'victim@example.test',
	revokeApiKeys: 'on'
};

describe('an admin form, posted by another user', () => {
	it.each(adminForms)(
		"$entrance: returns 403 without the page's data, for valid and invalid fields",
		async ({ route, action }) => {
			const victim = await makeVictim();
			const { token } = await api.accounts.signIn();
			const path = getPath(route, victim.id) + (action === 'default' ? '' : `?/${action}`);
			const count = await api.prisma.user.count();
			for (const fields of [valid, {}, { name: '' }])
				for (const accept of ['text/html', 'application/json', '*/*']) {
					const headers = { origin: api.url, host: new URL(api.url).host, accept, 'x-sveltekit-action': 'true' };
					const { 'x-sveltekit-action': _, ...plain } = headers;
					for (const sent of [headers, plain]) {
						const reply = await api.request('POST', path, { form: fields, cookie: buildCookie(token), headers: sent });
						expect(reply.status).toBe(403);
						expectNothingRevealed(reply.text);
					}
				}
			expect(await api.accounts.findUser(victim.id)).toEqual(victim);
			expect(await api.prisma.user.count()).toBe(count);
		}
	);

	it.each(adminForms)(
		'$entrance: redirects to sign-in and back to its own page without a credential',
		async ({ route, action }) => {
			const victim = await makeVictim();
			const page = getPath(route, victim.id);
			const reply = await api.submit(page + (action === 'default' ? '' : `?/${action}`), valid);
			const way = `/auth/login?continue=${encodeURIComponent(page)}`;
			expect([reply.status, reply.headers.location]).toEqual([303, way]);
			expect(await api.accounts.findUser(victim.id)).toEqual(victim);
		}
	);
});

describe('an admin page, requested by another user', () => {
	it.each(adminPages)('$route: returns 403 as page, as data and for HEAD', async ({ route }) => {
		const victim = await makeVictim();
		const { token } = await api.accounts.signIn();
		const cookie = buildCookie(token);
		const path = getPath(route, victim.id);
		const request = async (wanted: string) => {
			const reply = await api.request('GET', wanted, { cookie, headers: html });
			expectNothingRevealed(reply.text);
			return reply.status;
		};
		expect(await request(path)).toBe(403);
		expect(await request(`${path}/__data.json`)).toBe(403);
		expect(await request(`${path}/__data.json?x-sveltekit-invalidated=111111`)).toBe(403);
		expect(await request(`${path}/`)).toBe(308);
		expect((await api.request('HEAD', path, { cookie })).status).toBe(403);
	});

	const usualPages = adminPages.filter(({ route }) => !situational.includes(route));
	it.each(usualPages)('$route: returns 200 for an admin, as page, as data and for HEAD', async ({ route }) => {
		const victim = await makeVictim();
		const { token } = await api.accounts.signInAdmin();
		const path = await existingPath(route, victim.id, token);
		const query = queries[route] ?? '';
		for (const wanted of [path + query, `${path}/__data.json${query}`]) {
			const reply = await api.request('GET', wanted, { cookie: buildCookie(token), headers: html });
			expect(reply.status).toBe(200);
			expect(reply.headers['cache-control']).toMatch(/no-store/);
		}
		expect((await api.request('HEAD', path + query, { cookie: buildCookie(token) })).status).toBe(200);
	});
});

describe('a page for signed-in users', () => {
	const closedPages = signedInPages.filter((page) => !page.whilePasswordChangeRequired);

	it.each(closedPages)('$route: returns no page and no data while a password change is required', async ({ route }) => {
		const victim = await makeVictim();
		const { user, token } = await api.accounts.signInAdmin({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id);
		const path = getPath(route, victim.id);
		const page = await api.request('GET', path, { cookie: buildCookie(token), headers: html });
		expect([page.status, page.headers.location]).toEqual([303, '/auth/change-password']);
		const data = await api.request('GET', getDataPath(path), { cookie: buildCookie(token) });
		expect(data.body).toEqual({ type: 'redirect', location: '/auth/change-password' });
	});

	it.each(signedInPages)('$route: returns no page and no data without a credential', async ({ route }) => {
		const victim = await makeVictim();
		const path = getPath(route, victim.id);
		const page = await api.request('GET', path, { headers: html });
		expect([page.status, page.headers.location?.split('?')[0]]).toEqual([303, '/auth/login']);
		const data = await api.request('GET', getDataPath(path));
		expect(data.body).toMatchObject({ type: 'redirect', location: expect.stringMatching(/^\/auth\/login/) as unknown });
		expectNothingRevealed(page.text + data.text);
	});

	it('skips only the pages named as situational', () => {
		const routes = adminPages.map(({ route }) => route);
		expect(situational.filter((route) => !routes.includes(route))).toEqual([]);
	});
});

const ownPages = signedInPages.map(({ route }) => getPath(route, unknownId)).filter((path) => path !== '/auth/logout');

describe('a page requested without a credential', () => {
	it.each([...ownPages, '/admin/users?q=a&status=all'])('%s redirects to sign-in and back', async (path) => {
		const reply = await api.request('GET', path, { headers: html });
		const way = path === '/' ? '' : `?continue=${encodeURIComponent(path)}`;
		expect([reply.status, reply.headers.location]).toEqual([303, `/auth/login${way}`]);
	});

	it.each(ownPages)('%s redirects to sign-in with an invalid cookie too', async (path) => {
		const reply = await api.request('GET', path, { cookie: 'immich_access_token=bad', headers: html });
		expect(reply.status).toBe(303);
	});

	it('redirects back to the list position of a form, and never to the sign-out', async () => {
		const form = await api.submit('/account/devices?/end&after=here', {});
		expect(form.headers.location).toBe(`/auth/login?continue=${encodeURIComponent('/account/devices?after=here')}`);
		expect((await api.submit('/auth/logout', {})).headers.location).toBe('/auth/login');
	});

	it('reports the sign-out to a browser whose session has ended, and to no other', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.prisma.session.deleteMany({ where: { userId: user.id } });
		const read = async (cookie?: string) =>
			(await api.request('GET', '/auth/login', { headers: html, ...(cookie !== undefined && { cookie }) })).text;
		expect(await read(buildCookie(token))).toContain('You’ve been signed out');
		expect(await read()).not.toContain('You’ve been signed out');
	});
});

describe('requests without a contract row or page', () => {
	it.each([
		['POST', '/admin/users'],
		['POST', '/admin/users?/delete'],
		['POST', '/account/profile'],
		['POST', '/account/profile?/default'],
		['POST', '/account/profile?/__proto__'],
		['POST', '/account/profile?/constructor'],
		['POST', '/auth/login?/nope'],
		['POST', '/'],
		['PUT', '/account/profile'],
		['DELETE', '/admin/users'],
		['PATCH', '/auth/login'],
		['OPTIONS', '/admin/users'],
		['GET', '/admin/users/nope'],
		['GET', '/admin/users/00000000-0000-1000-a000-000000000000'],
		['GET', '/nope']
	])('%s %s: returns 404', async (method, path) => {
		const { token } = await api.accounts.signInAdmin();
		const headers = { ...html, origin: api.url, host: new URL(api.url).host };
		const sent = method === 'POST' ? { form: {} } : {};
		const reply = await api.request(method, path, { ...sent, cookie: buildCookie(token), headers });
		expect(reply.status).toBe(404);
	});

	it("reads an action's name from the same place as SvelteKit", async () => {
		const { user, token } = await api.accounts.signIn();
		const fields = { name: 'Changed', email: user.email, avatarColor: 'red' };
		for (const query of ['?a=b&/nope&/save', '?/save%2f', '?%2fnope&/save']) {
			const reply = await api.submit(`/account/profile${query}`, fields, buildCookie(token));
			expect(reply.status).toBe(404);
		}
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('returns 404 for an unknown user on user pages', async () => {
		const { token } = await api.accounts.signInAdmin();
		const path = '/admin/users/00000000-0000-4000-a000-000000000000';
		for (const page of [path, `${path}/edit`, `${path}/delete`, `${path}/reset-password`])
			expect((await api.request('GET', page, { cookie: buildCookie(token), headers: html })).status).toBe(404);
	});
});
