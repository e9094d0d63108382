import { describe, expect, it } from 'vitest';
import { cookieOf, useApi } from '#tests/support/api.ts';
import { entrancesOf, operations } from '#lib/contract/index.ts';
import type { Operation } from '#lib/contract/operation.ts';

const api = useApi();
const html = { accept: 'text/html' };
const victimName = 'Nobody Must See This';
const secrets = [victimName, 'hidden-label', 'victim@example.test'];

/** The path of a page's route, for one account. */
const pathOf = (route: string, id: string) => route.replace(/\/\([^)]+\)/g, '').replaceAll(/\[\w+=uuid\]/g, id);

const formEntrances = Object.values<Operation>(operations)
	.flatMap(entrancesOf)
	.filter((entrance) => entrance.startsWith('/'))
	.map((entrance) => {
		const [route = '', action = ''] = entrance.split('?/');
		return { entrance, route, action };
	});
const adminForms = formEntrances.filter(({ route }) => route.startsWith('/(console)/admin'));
const adminPages = [
	'/(console)/admin/users',
	'/(console)/admin/users/new',
	'/(console)/admin/users/[id=uuid]',
	'/(console)/admin/users/[id=uuid]/edit',
	'/(console)/admin/users/[id=uuid]/delete',
	'/(console)/admin/users/[id=uuid]/reset-password',
	'/(console)/admin/users/[id=uuid]/sessions',
	'/(console)/admin/users/[id=uuid]/api-keys',
	'/(console)/admin/users/[id=uuid]/clear-pin',
	'/(console)/admin/users/import',
	'/(console)/admin/users/batches',
	'/(console)/admin/sessions',
	'/(console)/admin/audit'
];
const ownPages = [
	'/account/profile',
	'/account/password',
	'/account/pin',
	'/account/devices',
	'/account/api-keys',
	'/account/api-keys/new'
];

async function makeVictim() {
	await api.prisma.user.deleteMany({ where: { email: 'victim@example.test' } });
	return api.accounts.makeUser({ name: victimName, email: 'victim@example.test', storageLabel: 'hidden-label' });
}

function expectNothingTold(text: string): void {
	for (const secret of secrets) expect(text).not.toContain(secret);
}

/** Fields that satisfy each of the forms, so that only the door can refuse. */
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

describe('a form of administrators, posted by somebody else', () => {
	it.each(adminForms)('$entrance: 403 without the page’s data, valid or not', async ({ route, action }) => {
		const victim = await makeVictim();
		const { token } = await api.accounts.signIn();
		const path = pathOf(route, victim.id) + (action === 'default' ? '' : `?/${action}`);
		const count = await api.prisma.user.count();
		for (const fields of [valid, {}, { name: '' }])
			for (const accept of ['text/html', 'application/json', '*/*']) {
				const headers = { origin: api.url, host: new URL(api.url).host, accept, 'x-sveltekit-action': 'true' };
				const { 'x-sveltekit-action': _, ...plain } = headers;
				for (const sent of [headers, plain]) {
					const reply = await api.request('POST', path, { form: fields, cookie: cookieOf(token), headers: sent });
					expect(reply.status).toBe(403);
					expectNothingTold(reply.text);
				}
			}
		expect(await api.accounts.findUser(victim.id)).toEqual(victim);
		expect(await api.prisma.user.count()).toBe(count);
	});

	it.each(adminForms)(
		'$entrance: leads to the sign-in page and back to its own without a credential',
		async ({ route, action }) => {
			const victim = await makeVictim();
			const page = pathOf(route, victim.id);
			const reply = await api.submit(page + (action === 'default' ? '' : `?/${action}`), valid);
			const way = `/auth/login?continue=${encodeURIComponent(page)}`;
			expect([reply.status, reply.headers.location]).toEqual([303, way]);
			expect(await api.accounts.findUser(victim.id)).toEqual(victim);
		}
	);
});

describe('a page of administrators, asked for by somebody else', () => {
	it.each(adminPages)('%s: 403 as page, as data and by HEAD', async (route) => {
		const victim = await makeVictim();
		const { token } = await api.accounts.signIn();
		const cookie = cookieOf(token);
		const path = pathOf(route, victim.id);
		for (const wanted of [
			path,
			`${path}/__data.json`,
			`${path}/__data.json?x-sveltekit-invalidated=111111`,
			`${path}/`
		]) {
			const reply = await api.request('GET', wanted, { cookie, headers: html });
			expect([403, 308]).toContain(reply.status);
			expectNothingTold(reply.text);
		}
		expect((await api.request('HEAD', path, { cookie })).status).toBe(403);
	});

	it.each(adminPages)('%s: its data stays shut to somebody who must change the password', async (route) => {
		const victim = await makeVictim();
		const { user, token } = await api.accounts.signInAdmin({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id);
		const reply = await api.request('GET', `${pathOf(route, victim.id)}/__data.json`, { cookie: cookieOf(token) });
		expect(reply.body).toEqual({ type: 'redirect', location: '/auth/change-password' });
	});

	it.each(adminPages)('%s: its data leads to the sign-in page without a credential', async (route) => {
		const victim = await makeVictim();
		const reply = await api.request('GET', `${pathOf(route, victim.id)}/__data.json`);
		expect(reply.body).toMatchObject({ type: 'redirect' });
		expectNothingTold(reply.text);
	});

	it.each(adminPages)('%s: 200 for an administrator, as page, as data and by HEAD', async (route) => {
		const victim = await makeVictim();
		const { token } = await api.accounts.signInAdmin();
		const path = pathOf(route, victim.id);
		for (const wanted of [path, `${path}/__data.json`]) {
			const reply = await api.request('GET', wanted, { cookie: cookieOf(token), headers: html });
			expect(reply.status).toBe(200);
			expect(reply.headers['cache-control']).toMatch(/no-store/);
		}
		expect((await api.request('HEAD', path, { cookie: cookieOf(token) })).status).toBe(200);
	});
});

describe('a page that is asked for by nobody', () => {
	it.each(['/', ...ownPages, '/admin/users?q=a&status=all'])('%s leads to the sign-in page and back', async (path) => {
		const reply = await api.request('GET', path, { headers: html });
		const way = path === '/' ? '' : `?continue=${encodeURIComponent(path)}`;
		expect([reply.status, reply.headers.location]).toEqual([303, `/auth/login${way}`]);
	});

	it.each([...ownPages, '/admin/users'])('%s leads there with a bad cookie too', async (path) => {
		const reply = await api.request('GET', path, { cookie: 'immich_access_token=bad', headers: html });
		expect(reply.status).toBe(303);
	});

	it('leads back to the place in a list where a form was sent, and never to the sign-out', async () => {
		const form = await api.submit('/account/devices?/end&after=here', {});
		expect(form.headers.location).toBe(`/auth/login?continue=${encodeURIComponent('/account/devices?after=here')}`);
		expect((await api.submit('/auth/logout', {})).headers.location).toBe('/auth/login');
	});

	it('says so to a browser whose session has ended, and to no other', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.prisma.session.deleteMany({ where: { userId: user.id } });
		const read = async (cookie?: string) =>
			(await api.request('GET', '/auth/login', { headers: html, ...(cookie !== undefined && { cookie }) })).text;
		expect(await read(cookieOf(token))).toContain('You have been signed out');
		expect(await read()).not.toContain('You have been signed out');
	});
});

describe('what no row and no page names', () => {
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
	])('%s %s: 404', async (method, path) => {
		const { token } = await api.accounts.signInAdmin();
		const headers = { ...html, origin: api.url, host: new URL(api.url).host };
		const sent = method === 'POST' ? { form: {} } : {};
		const reply = await api.request(method, path, { ...sent, cookie: cookieOf(token), headers });
		expect(reply.status).toBe(404);
	});

	it('takes an action’s name from where Kit takes it', async () => {
		const { user, token } = await api.accounts.signIn();
		const fields = { name: 'Changed', email: user.email, avatarColor: 'red' };
		for (const query of ['?a=b&/nope&/save', '?/save%2f', '?%2fnope&/save']) {
			const reply = await api.submit(`/account/profile${query}`, fields, cookieOf(token));
			expect(reply.status).toBe(404);
		}
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('404 for an account that there is not, in a page of accounts', async () => {
		const { token } = await api.accounts.signInAdmin();
		const path = '/admin/users/00000000-0000-4000-a000-000000000000';
		for (const page of [path, `${path}/edit`, `${path}/delete`, `${path}/reset-password`])
			expect((await api.request('GET', page, { cookie: cookieOf(token), headers: html })).status).toBe(404);
	});
});
