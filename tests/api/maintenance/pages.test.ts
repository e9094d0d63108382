import { describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import { cookieFrom, mode, tokenFrom, useMaintenance } from '#tests/support/maintenance.ts';

const api = useApi();
const maintenance = useMaintenance(api);

describe('pages', () => {
	const html = { accept: 'text/html' };

	it('redirect to the maintenance page, which redirects back', async () => {
		const { token } = await maintenance.begin();
		for (const path of ['/', '/admin/users?q=a', '/auth/login', '/nowhere']) {
			const { status, headers } = await api.request('GET', path, { headers: html });
			const way = path === '/' ? '/maintenance' : `/maintenance?continue=${encodeURIComponent(path)}`;
			expect([status, headers.location]).toEqual([303, way]);
		}
		const shown = await api.request('GET', '/maintenance?continue=%2Faccount%2Fprofile', { headers: html });
		expect([shown.status, shown.text.includes('End maintenance')]).toEqual([200, false]);
		await api.request('POST', mode, { token, body: { action: 'end' } });
		const after = await api.request('GET', '/maintenance?continue=%2Faccount%2Fprofile', { headers: html });
		expect([after.status, after.headers.location]).toEqual([303, '/account/profile']);
		const away = await api.request('GET', '/maintenance?continue=%2F%2Fevil.example', { headers: html });
		expect(away.headers.location).toBe('/');
	});

	it('reject a form sent during maintenance with 503 and write nothing', async () => {
		const { user, token: person } = await api.accounts.signIn({ name: 'Before' });
		await maintenance.begin();
		const reply = await api.submit('/account/profile?/save', { name: 'After' }, buildCookie(person));
		expect(reply.status).toBe(503);
		expect((await api.accounts.findUser(user.id)).name).toBe('Before');
	});

	it('reject a form on a closed page even with a token, although the same operation is open in the API', async () => {
		const { token } = await maintenance.begin();
		const changed = { token, body: { message: 'Through the API' } };
		expect((await api.request('PUT', '/api/admin/maintenance/plan', changed)).status).toBe(200);
		const cookie = `immich_maintenance_token=${token}`;
		const reply = await api.submit('/admin/maintenance?/plan', { message: 'Through the form' }, cookie);
		expect(reply.status).toBe(503);
		expect((await api.request('GET', '/maintenance', { cookie, headers: html })).text).toContain('Through the API');
	});

	it('start it with a form that requires confirmation and shows how many users are signed in, and end it with a form', async () => {
		const { token } = await api.accounts.signInAdmin();
		const page = '/admin/maintenance';
		expect(await openPage(api, page, token)).toMatch(/I understand that \d+ signed-in users?/);
		const by = { field: 'startsIn' };
		expect((await fillIn(api, page, token, { by })).status).toBe(400);
		expect((await maintenance.stored()).isMaintenanceMode).toBe(false);
		const changes = { isConfirmed: 'on', message: '<b>New</b> disks' };
		const begun = await fillIn(api, page, token, { by, changes });
		expect(begun.status).toBe(303);
		const cookie = cookieFrom(begun.cookies);
		const shown = await api.request('GET', '/maintenance', { cookie, headers: html });
		expect(shown.text).toContain('&lt;b>New&lt;/b> disks');
		expect(shown.text).toContain('End maintenance');
		expect((await api.submit('/maintenance?/end', {}, buildCookie(token))).status).toBe(303);
		expect((await maintenance.stored()).isMaintenanceMode).toBe(true);
		const kept = await api.submit('/maintenance?/keep', { keep: '30' }, cookie);
		expect(kept.status).toBe(303);
		const ended = await api.submit('/maintenance?/end', {}, cookie);
		expect([ended.status, ended.headers.location]).toEqual([303, '/']);
		expect((await maintenance.stored()).isMaintenanceMode).toBe(false);
	});

	it('sign in with a token', async () => {
		const { token } = await maintenance.begin();
		expect((await api.submit('/maintenance?/login', { secretToken: 'wrong' })).status).toBe(401);
		const { status, cookies } = await api.submit('/maintenance?/login', { secretToken: token });
		expect([status, tokenFrom(cookies)]).toEqual([303, token]);
	});

	it('for admins are closed to other users', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await api.request('GET', '/admin/maintenance', { cookie: buildCookie(token), headers: html });
		expect(reply.status).toBe(403);
		const posted = await api.submit(
			'/admin/maintenance?/plan',
			{ startsIn: '0', isConfirmed: 'on' },
			buildCookie(token)
		);
		expect(posted.status).toBe(403);
		expect((await maintenance.stored()).isMaintenanceMode).toBe(false);
	});
});
