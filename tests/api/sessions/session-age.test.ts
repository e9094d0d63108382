import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { buildCookie, useApi, type Api } from '#tests/support/api.ts';
import { openPage } from '#tests/support/forms.ts';
import { message } from '#tests/support/shapes.ts';

const dayMs = 86_400_000;
const daysAgo = (days: number, moreMs = 0) => new Date(Date.now() - days * dayMs - moreMs);
const Listed = z.array(z.object({ id: z.string(), current: z.boolean(), expiresAt: z.string().optional() }));
const firefox = { deviceType: 'Firefox', deviceOS: 'Linux' };
const app = { deviceType: 'Pixel 8', deviceOS: 'Android', appVersion: '3.2.2' };

const me = (api: Api, token: string) => api.request('GET', '/api/users/me', { token });
const list = async (api: Api, token: string) =>
	Listed.parse((await api.request('GET', '/api/sessions', { token })).body);

describe('a session that has not been used', () => {
	const api = useApi();

	it('for 89 days is valid, and using it renews it', async () => {
		const { user } = await api.accounts.signIn();
		const token = await api.accounts.makeSession(user.id, { createdAt: daysAgo(900), updatedAt: daysAgo(89) });
		expect((await me(api, token)).status).toBe(200);
		const rows = await api.prisma.session.findMany({ where: { userId: user.id, updatedAt: { lt: daysAgo(1) } } });
		expect(rows).toEqual([]);
	});

	it.each([firefox, app, {}])('for 90 days has ended in the API, in pages, and in every list: %j', async (device) => {
		const { user, token } = await api.accounts.signIn();
		const old = await api.accounts.makeSession(user.id, { ...device, updatedAt: daysAgo(90) });
		const reply = await me(api, old);
		expect([reply.status, reply.body]).toEqual([401, message('Invalid user token')]);
		const page = await api.request('GET', '/account/devices', {
			cookie: buildCookie(old),
			headers: { accept: 'text/html' }
		});
		expect([page.status, page.headers.location]).toEqual([303, '/auth/login?continue=%2Faccount%2Fdevices']);
		expect(await list(api, token)).toHaveLength(1);
		expect(await openPage(api, '/account/devices', token)).toContain('You’re not signed in on any other device');
		const admin = await api.accounts.signInAdmin();
		const seen = await api.request('GET', `/api/admin/users/${user.id}/sessions`, { token: admin.token });
		expect(seen.body).toHaveLength(1);
	});
});

describe('with custom limits', () => {
	const sessions = { web: { idleDays: 7, lifetimeDays: 30 }, mobile: { idleDays: 365 } };
	const api = useApi({
		prepare: async ({ prisma }) => {
			await prisma.setting.create({ data: { key: 'immich-auth', value: { sessions } } });
		}
	});

	it.each([
		['a browser unused for a week', firefox, { updatedAt: daysAgo(7) }, 401],
		['a browser unused for less', firefox, { updatedAt: daysAgo(7, -60_000) }, 200],
		['a browser at the end of its life', firefox, { createdAt: daysAgo(30) }, 401],
		['the app, unused for a week', app, { updatedAt: daysAgo(7), createdAt: daysAgo(300) }, 200],
		['the app, unused for a year', app, { updatedAt: daysAgo(365) }, 401],
		['an older app', { deviceType: 'iPhone15,3', deviceOS: 'iOS' }, { updatedAt: daysAgo(89) }, 200],
		['a phone’s browser', { deviceType: 'Safari', deviceOS: 'iOS' }, { updatedAt: daysAgo(7) }, 401],
		['a Chromecast', { deviceType: 'Chromecast', deviceOS: 'Google TV' }, { updatedAt: daysAgo(7) }, 200],
		['something nameless', {}, { updatedAt: daysAgo(90) }, 401]
	])('%s', async (_, device, age, status) => {
		const { user, token } = await api.accounts.signIn();
		const aged = await api.accounts.makeSession(user.id, { ...device, ...age });
		// Lists first: a request would renew the session.
		expect(await list(api, token)).toHaveLength(status === 200 ? 2 : 1);
		expect((await me(api, aged)).status).toBe(status);
	});

	it('expiresAt is the end of the session, and a child’s is no later', async () => {
		const { user } = await api.accounts.signIn();
		const createdAt = daysAgo(10);
		const end = new Date(createdAt.getTime() + 30 * dayMs).toISOString();
		const token = await api.accounts.makeSession(user.id, { ...firefox, createdAt });
		expect((await list(api, token)).find(({ current }) => current)?.expiresAt).toBe(end);
		expect((await api.request('GET', '/api/auth/status', { token })).body).toMatchObject({ expiresAt: end });
		for (const body of [{}, { duration: 40 * 86_400 }]) {
			const child = await api.request('POST', '/api/sessions', { token, body });
			expect([child.status, child.body]).toEqual([201, expect.objectContaining({ expiresAt: end })]);
		}
		const short = await api.request('POST', '/api/sessions', { token, body: { duration: 60 } });
		expect(Date.parse(z.object({ expiresAt: z.string() }).parse(short.body).expiresAt)).toBeLessThan(
			Date.now() + 61_000
		);
	});
});
