import { describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import type { Reply } from '#tests/support/http.ts';

const api = useApi();
const temporary = /(?<![a-z\d-])[a-hjkmnp-z2-9]{4}(?:-[a-hjkmnp-z2-9]{4}){3}(?![a-z\d-])/;
const login = (email: string, given: string) =>
	api.request('POST', '/api/auth/login', { body: { email, password: given } });

/** Returns the temporary password from the page and checks how it is shown. */
function shownIn(reply: Reply): string {
	expect(reply.status).toBe(200);
	expect(reply.headers['cache-control']).toMatch(/no-store/);
	expect(reply.headers).not.toHaveProperty('location');
	const [shown = ''] = temporary.exec(reply.text) ?? [];
	expect(shown).not.toBe('');
	return shown;
}

describe('the form for a new user', () => {
	const fill = (token: string, changes: Record<string, string | null>) =>
		fillIn(api, '/admin/users/new', token, { by: { field: 'quota' }, changes });

	it('creates one with a temporary password that is shown once', async () => {
		const { token } = await api.accounts.signInAdmin();
		const email = 'by-form@example.test';
		const given = { name: 'By Form', email, quota: '10 GiB', storageLabel: 'by-form', password: '' };
		const shown = shownIn(await fill(token, given));
		const user = await api.prisma.user.findUniqueOrThrow({ where: { email } });
		expect(user).toMatchObject({
			name: 'By Form',
			quotaSizeInBytes: 10_737_418_240n,
			storageLabel: 'by-form',
			isAdmin: false,
			shouldChangePassword: true
		});
		const { body } = await login(email, shown);
		const { accessToken } = LoginResponseDto.parse(body);
		expect((await api.request('GET', '/api/users', { token: accessToken })).status).toBe(403);
		for (const page of ['/admin/users/new', `/admin/users/${user.id}`, '/admin/users'])
			expect(await openPage(api, page, token)).not.toContain(shown);
		expect(api.lines.join('\n')).not.toContain(shown);
	});

	it('uses the typed password', async () => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await fill(token, { name: 'T', email: 'typed@example.test', password: 'typed by the admin' });
		expect(reply.status).toBe(200);
		expect((await login('typed@example.test', 'typed by the admin')).status).toBe(201);
	});

	it.each([
		['no name', { name: ' ', email: 'x1@example.test' }],
		['no email', { name: 'X', email: '' }],
		['a bad e-mail', { name: 'X', email: 'x' }],
		['a quota that is no size', { name: 'X', email: 'x2@example.test', quota: 'much' }],
		['a short password', { name: 'X', email: 'x3@example.test', password: '1234567' }],
		['a password of 73 bytes', { name: 'X', email: 'x4@example.test', password: 'y'.repeat(73) }]
	])('returns 400 with %s, keeps the input except the password, and creates nothing', async (_, given) => {
		const { token } = await api.accounts.signInAdmin();
		const count = await api.prisma.user.count();
		const reply = await fill(token, { quota: '5 GiB', password: 'a typed secret', ...given });
		expect(reply.status).toBe(400);
		expect(reply.text).not.toContain('a typed secret');
		expect(reply.text).not.toContain('y'.repeat(73));
		expect(await api.prisma.user.count()).toBe(count);
	});

	it('returns 400 and reports a taken email at its field', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { email } = await api.accounts.makeUser();
		const reply = await fill(token, { name: 'X', email });
		expect(reply.status).toBe(400);
		expect(reply.text).toContain('This email is already in use');
	});
});

describe('the form for a new temporary password', () => {
	it('sets one, ends sessions, and deletes API keys if selected', async () => {
		const { token } = await api.accounts.signInAdmin();
		for (const revokeApiKeys of ['on', null]) {
			const { user } = await api.accounts.signIn();
			await api.accounts.makeApiKey(user.id);
			const page = `/admin/users/${user.id}/reset-password`;
			const shown = shownIn(
				await fillIn(api, page, token, { by: { field: 'password' }, changes: { password: '', revokeApiKeys } })
			);
			expect(await api.accounts.countSessions(user.id)).toBe(0);
			expect(await api.prisma.apiKey.count({ where: { userId: user.id } })).toBe(revokeApiKeys === 'on' ? 0 : 1);
			expect((await login(user.email, shown)).status).toBe(201);
			expect(await openPage(api, page, token)).not.toContain(shown);
			expect(api.lines.join('\n')).not.toContain(shown);
		}
	});
});

describe('the form that deletes a user', () => {
	const remove = (id: string, token: string, changes: Record<string, string>) =>
		api.submit(`/admin/users/${id}/delete`, changes, buildCookie(token));

	it('soft-deletes without a confirmation', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { id } = await api.accounts.makeUser();
		const reply = await remove(id, token, {});
		expect([reply.status, reply.headers.location]).toEqual([303, `/admin/users/${id}`]);
		expect(await api.accounts.findUser(id)).toMatchObject({ status: 'deleted' });
	});

	it.each(['', 'yes', 'other@example.test'])(
		'returns 400 for a forced deletion if %j is typed',
		async (confirmation) => {
			const { token } = await api.accounts.signInAdmin();
			const user = await api.accounts.makeUser();
			expect((await remove(user.id, token, { force: 'on', confirmation })).status).toBe(400);
			expect(await api.accounts.findUser(user.id)).toEqual(user);
		}
	);

	it('deletes permanently if the email is typed', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { id, email } = await api.accounts.makeUser();
		const reply = await remove(id, token, { force: 'on', confirmation: ` ${email.toUpperCase()} ` });
		expect([reply.status, reply.headers.location]).toEqual([303, '/admin/users']);
		expect(await api.prisma.user.count({ where: { id } })).toBe(0);
	});

	it("returns 403 for the admin's own user", async () => {
		const { user, token } = await api.accounts.signInAdmin();
		expect((await remove(user.id, token, { force: 'on', confirmation: user.email })).status).toBe(403);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});
});

describe("the buttons of a user's page", () => {
	it('restore a deleted user', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { id } = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		const reply = await fillIn(api, `/admin/users/${id}`, token, { by: { action: '?/restore' } });
		expect([reply.status, reply.headers.location]).toEqual([303, `/admin/users/${id}`]);
		expect(await api.accounts.findUser(id)).toMatchObject({ status: 'active', deletedAt: null });
	});

	it('require a password change', async () => {
		const { token } = await api.accounts.signInAdmin();
		const person = await api.accounts.signIn();
		await api.accounts.setPasswordState(person.user.id, { setBy: person.user.id });
		const page = `/admin/users/${person.user.id}`;
		const reply = await fillIn(api, page, token, { by: { action: '?/forcePasswordChange' } });
		expect(reply.status).toBe(303);
		expect((await api.request('GET', '/api/users', { token: person.token })).status).toBe(403);
	});
});

describe("the form for the user's own password", () => {
	const fill = (token: string, changes: Record<string, string | null>) =>
		fillIn(api, '/account/password', token, { by: { field: 'newPassword' }, changes });

	it.each([
		['ends other sessions, as it stands', {}, 1],
		['keeps them where the box is unticked', { endOtherSessions: null }, 2]
	])('%s', async (_, box, left) => {
		const { user, token } = await api.accounts.signIn();
		await api.accounts.makeSession(user.id);
		expect((await fill(token, { password, newPassword: 'my own password', ...box })).status).toBe(303);
		expect(await api.accounts.countSessions(user.id)).toBe(left);
		expect((await login(user.email, 'my own password')).status).toBe(201);
	});

	it.each([
		['a wrong current password', { password: 'not it at all', newPassword: 'my own password' }],
		['a short new one', { password, newPassword: '1234567' }],
		['a new one of 73 bytes', { password, newPassword: 'é'.repeat(37) }]
	])('returns 400 for %s, and never returns a password', async (_, given) => {
		const { user, token } = await api.accounts.signIn();
		const reply = await fill(token, given);
		expect(reply.status).toBe(400);
		for (const secret of Object.values(given)) expect(reply.text).not.toContain(`"${secret}"`);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});
});

describe('the sign-in form, sent by a script', () => {
	it('returns the redirect and never the token', async () => {
		const { email } = await api.accounts.makeAdmin();
		const headers = {
			accept: 'application/json',
			origin: api.url,
			host: new URL(api.url).host,
			'x-sveltekit-action': 'true'
		};
		const reply = await api.request('POST', '/auth/login', { form: { email, password }, headers });
		expect(reply.body).toEqual({ type: 'redirect', status: 303, location: '/' });
		expect(reply.cookies.map((cookie) => cookie.split('=')[0]).sort()).toEqual([
			'immich_access_token',
			'immich_auth_browser',
			'immich_auth_signed_in',
			'immich_auth_type',
			'immich_is_authenticated'
		]);
	});

	it("ends the browser's previous session", async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const reply = await api.submit('/auth/login', { email: user.email, password }, buildCookie(token));
		expect(reply.status).toBe(303);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(401);
		expect(await api.accounts.countSessions(user.id)).toBe(1);
	});
});
