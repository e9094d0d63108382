import { describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { reviewedForms } from '#tests/support/access-table.ts';
import { guardedOperations, restOperations, unknownId } from '#tests/support/operations.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const required = message('Password change required');
const html = { accept: 'text/html' };

/** Signs in a user whose password was set by an admin. */
async function signInGated(fields: object = {}) {
	const { user, token } = await api.accounts.signIn({ shouldChangePassword: true, ...fields });
	await api.accounts.setPasswordState(user.id);
	return { user, token, cookie: buildCookie(token) };
}

const whoSet = ['self', 'another', 'no user', 'no record'] as const;
const table = whoSet.flatMap((setBy) =>
	[true, false].flatMap((flag) =>
		[true, false].flatMap((demanded) =>
			[true, false].map((hasPassword) => ({
				setBy,
				flag,
				demanded,
				hasPassword,
				// The requirement is stored in the record: no record, no requirement.
				isClosed: flag && hasPassword && (setBy !== 'self' || demanded)
			}))
		)
	)
);

describe('the password gate', () => {
	it.each(table)(
		'set by $setBy, flag $flag, demanded $demanded, has a password $hasPassword: closed $isClosed',
		async ({ setBy, flag, demanded, hasPassword, isClosed }) => {
			const { user, token } = await api.accounts.signIn({
				shouldChangePassword: flag,
				...(hasPassword ? {} : { password: null })
			});
			const setters = { self: { setBy: user.id }, another: {}, 'no user': { setBy: null } };
			if (setBy !== 'no record')
				await api.accounts.setPasswordState(user.id, {
					...setters[setBy],
					...(demanded ? { demandedAt: new Date() } : {})
				});
			const apiKey = await api.accounts.makeApiKey(user.id);
			const asked = await api.request('GET', '/api/users', { token });
			expect(asked.status).toBe(isClosed ? 403 : 200);
			if (isClosed) expect(asked.body).toEqual(required);
			const page = await api.request('GET', '/account/profile', { cookie: buildCookie(token), headers: html });
			expect([page.status, page.headers.location]).toEqual(
				isClosed ? [303, '/auth/change-password'] : [200, undefined]
			);
			expect((await api.request('GET', '/api/users', { apiKey })).status).toBe(200);
			expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		}
	);
});

/** What a closed gate admits according to the requirement; the rows' own flags are under test. */
const admitted = [
	'changePassword',
	'logout',
	'validateAccessToken',
	'getAuthStatus',
	'getMyUser',
	'getMyPreferences',
	'getUserOnboarding'
];
const refusedRows = guardedOperations.filter(({ id }) => !admitted.includes(id) && id !== 'updateMyUser');

describe('a closed gate', () => {
	it.each(refusedRows)('refuses $method $path', async ({ method, path }) => {
		const { token } = await signInGated({ isAdmin: true });
		const reply = await api.request(method, path, { token, ...(method !== 'GET' && { body: {} }) });
		expect([reply.status, reply.body]).toEqual([403, required]);
	});

	it.each(guardedOperations.filter(({ id }) => admitted.includes(id)))(
		'admits $method $path',
		async ({ method, path }) => {
			const { token } = await signInGated();
			const reply = await api.request(method, path, { token });
			expect(reply.body).not.toEqual(required);
			expect([200, 400]).toContain(reply.status);
		}
	);

	it.each(restOperations.filter(({ operation }) => 'public' in operation.access))(
		'admits the public $method $path',
		async ({ method, path }) => {
			const { cookie } = await signInGated();
			const reply = await api.request(method, path, { cookie, ...(method !== 'GET' && { body: {} }) });
			expect([200, 307, 400]).toContain(reply.status);
		}
	);

	it.each(['PUT', 'PATCH'])('admits %s /users/me with a password only', async (method) => {
		const { user, token } = await signInGated();
		for (const body of [{}, { name: 'x' }, { password: '' }, { name: 'x', password: '' }]) {
			const refused = await api.request(method, '/api/users/me', { token, body });
			expect([refused.status, refused.body]).toEqual([403, required]);
		}
		expect(await api.accounts.findUser(user.id)).toEqual(user);
		const body = { password: 'my own password' };
		expect((await api.request(method, '/api/users/me', { token, body })).status).toBe(200);
		expect((await api.request('GET', '/api/users', { token })).status).toBe(200);
	});

	it('is the same however the session’s token is sent', async () => {
		const { token, cookie } = await signInGated();
		const ways = [
			{ token },
			{ cookie },
			{ headers: { 'x-immich-user-token': token } },
			{ headers: { 'x-immich-session-token': token } }
		];
		for (const way of ways) expect((await api.request('GET', '/api/users', way)).body).toEqual(required);
		expect((await api.request('GET', `/api/users?sessionKey=${token}`)).body).toEqual(required);
	});

	it('opens for all sessions when the flag is cleared and closes for all when it is set', async () => {
		const { user, token } = await signInGated();
		const { token: adminToken } = await api.accounts.signInAdmin();
		const set = (shouldChangePassword: boolean) =>
			api.request('PUT', `/api/admin/users/${user.id}`, { token: adminToken, body: { shouldChangePassword } });
		const status = async () => (await api.request('GET', '/api/users', { token })).status;
		await set(false);
		expect(await status()).toBe(200);
		await set(true);
		expect(await status()).toBe(403);
	});
});

describe('forms and pages while a password change is required', () => {
	const closedForms = reviewedForms.filter((form) => form.who !== 'anyone' && !form.whilePasswordChangeRequired);
	const formPath = (route: string, action: string) =>
		route.replace(/\/\([^)]+\)/g, '').replaceAll(/\[\w+(=\w+)?\]/g, unknownId) + `?/${action}`;

	it.each(closedForms)('$entrance redirects to the change page', async ({ route, action }) => {
		const { user, cookie } = await signInGated({ isAdmin: true });
		const reply = await api.submit(formPath(route, action), { name: 'Changed', email: user.email }, cookie);
		expect([reply.status, reply.headers.location]).toEqual([303, '/auth/change-password']);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('the profile form changes nothing', async () => {
		const { user, cookie } = await signInGated();
		const fields = { name: 'Changed', email: user.email, avatarColor: 'red' };
		const reply = await api.submit('/account/profile?/save', fields, cookie);
		expect([reply.status, reply.headers.location]).toEqual([303, '/auth/change-password']);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('the change page and signing out stay available', async () => {
		const { cookie } = await signInGated();
		expect((await api.request('GET', '/auth/change-password', { cookie, headers: html })).status).toBe(200);
		const out = await api.submit('/auth/logout', {}, cookie);
		expect([out.status, out.headers.location]).toEqual([303, '/auth/login?autoLaunch=0']);
	});

	it('the change form opens the gate and redirects', async () => {
		const { user, cookie } = await signInGated();
		const fields = { password: 'correct horse battery', newPassword: 'my own password', endOtherSessions: 'on' };
		const reply = await api.submit('/auth/change-password', fields, cookie);
		expect([reply.status, reply.headers.location]).toEqual([303, '/']);
		expect(await api.accounts.findUser(user.id)).toMatchObject({ shouldChangePassword: false });
		expect((await api.request('GET', '/account/profile', { cookie, headers: html })).status).toBe(200);
	});
});
