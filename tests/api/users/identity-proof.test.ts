import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import { Notifications } from '#tests/support/notifications.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const notifications = new Notifications(api);
const pinCode = '123456';
const newPassword = 'another password';
const minuteMs = 60_000;
const ago = (minutes: number) => new Date(Date.now() - minutes * minuteMs);

let count = 0;
const newEmail = () => `moved-${(count += 1)}@example.test`;
const listTitles = async (id: string) => (await notifications.listReceived(id)).map(({ title }) => title);
const SignedIn = z.object({ accessToken: z.string() });

/** Signs in a user whose session is this many minutes old. */
async function signInEarlier(minutes: number, fields = {}) {
	const user = await api.accounts.makeUser(fields);
	return { user, token: await api.accounts.makeSession(user.id, { createdAt: ago(minutes) }) };
}

describe.each(['PUT', 'PATCH'])('%s /users/me', (method) => {
	const update = (token: string, body: object) => api.request(method, '/api/users/me', { token, body });

	it('returns 400 for a password while no change is required, and changes nothing', async () => {
		const { user, token } = await api.accounts.signIn();
		for (const body of [{ password: newPassword }, { password: newPassword, currentPassword: password, name: 'New' }]) {
			const reply = await update(token, body);
			expect([reply.status, reply.body]).toEqual([
				400,
				message('Use POST /auth/change-password to change your password')
			]);
		}
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('treats an empty password as unchanged, since official clients send it', async () => {
		const { user, token } = await signInEarlier(60);
		expect((await update(token, { password: '', name: 'New' })).status).toBe(200);
		expect(await api.accounts.findUser(user.id)).toMatchObject({ name: 'New', password: user.password });
	});

	it('returns 200 for the first password of a user without one', async () => {
		const { user, token } = await api.accounts.signIn({ password: null });
		expect((await update(token, { password: newPassword })).status).toBe(200);
		const body = { email: user.email, password: newPassword };
		expect((await api.request('POST', '/api/auth/login', { body })).status).toBe(201);
	});

	it('returns 200 for another email within 10 minutes of signing in, without the password, and notifies', async () => {
		const { user, token } = await signInEarlier(9);
		const email = newEmail();
		expect((await update(token, { email })).body).toMatchObject({ email });
		expect(await listTitles(user.id)).toEqual(['Your email was changed']);
	});

	it('returns 400 for another email later, and 200 with the current password', async () => {
		const { user, token } = await signInEarlier(11);
		const email = newEmail();
		for (const body of [{ email }, { email, currentPassword: '' }, { email, name: 'New' }]) {
			const reply = await update(token, body);
			expect([reply.status, reply.body]).toEqual([400, message('Current password is required')]);
		}
		const wrong = await update(token, { email, currentPassword: 'wrong' });
		expect([wrong.status, wrong.body]).toEqual([400, message('Wrong password')]);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
		expect(await listTitles(user.id)).toEqual([]);
		expect((await update(token, { email, currentPassword: password })).body).toMatchObject({ email });
		expect(await listTitles(user.id)).toEqual(['Your email was changed']);
	});

	it('returns 200 later for the same email, even in another case, and for a name', async () => {
		const { user, token } = await signInEarlier(11);
		expect((await update(token, { email: user.email.toUpperCase(), name: 'New' })).status).toBe(200);
		expect(await listTitles(user.id)).toEqual([]);
	});

	it('returns 400 for a child session that was just started', async () => {
		const { token } = await signInEarlier(11);
		const child = z
			.object({ token: z.string() })
			.parse((await api.request('POST', '/api/sessions', { token, body: {} })).body);
		expect((await update(child.token, { email: newEmail() })).status).toBe(400);
	});

	it('returns 400 later for a user without a password', async () => {
		const { token } = await signInEarlier(11, { password: null });
		for (const currentPassword of ['', password])
			expect((await update(token, { email: newEmail(), currentPassword })).status).toBe(400);
	});

	it('counts wrong current passwords: 429 after ten, even for the right one', async () => {
		const { token } = await signInEarlier(11);
		const guess = (currentPassword: string) => update(token, { email: newEmail(), currentPassword });
		for (let round = 0; round < 10; round++) expect((await guess('wrong')).status).toBe(400);
		expect((await guess(password)).status).toBe(429);
	});
});

describe('an admin’s own user', () => {
	const update = (token: string, id: string, body: object) =>
		api.request('PUT', `/api/admin/users/${id}`, { token, body });

	it.each([
		['email', () => ({ email: newEmail() })],
		['password', () => ({ password: newPassword })],
		['PIN', () => ({ pinCode })],
		['removal of the PIN', () => ({ pinCode: null })]
	])('%s: returns 400 more than 10 minutes after signing in, 200 with the current password', async (_, buildBody) => {
		const { user, token } = await signInEarlier(11, { isAdmin: true, pinCode: 'a hash' });
		const refused = await update(token, user.id, buildBody());
		expect([refused.status, refused.body]).toEqual([400, message('Current password is required')]);
		expect((await update(token, user.id, { ...buildBody(), currentPassword: 'wrong' })).status).toBe(400);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
		expect((await update(token, user.id, { ...buildBody(), currentPassword: password })).status).toBe(200);
	});

	it('needs a proof, unlike another user’s, and a new email notifies that user', async () => {
		const { token } = await signInEarlier(11, { isAdmin: true });
		const { id } = await api.accounts.makeUser();
		expect((await update(token, id, { email: newEmail() })).status).toBe(200);
		expect(await listTitles(id)).toEqual(['Your email was changed']);
	});

	it.each([
		['POST', 'reset-password'],
		['DELETE', 'pin-code']
	])('%s …/%s returns 400 more than 10 minutes after signing in', async (method, path) => {
		const { user, token } = await signInEarlier(11, { isAdmin: true, pinCode: 'a hash' });
		const reply = await api.request(method, `/api/admin/users/${user.id}/${path}`, { token });
		expect([reply.status, reply.body]).toEqual([400, message('A recent sign-in is required')]);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});
});

describe('the forms', () => {
	it.each([
		['/account/profile', {}],
		['/admin/users/{id}/edit', { isAdmin: true }]
	])('%s asks for the current password 10 minutes after signing in', async (path, fields) => {
		const { user, token } = await signInEarlier(11, fields);
		const page = path.replace('{id}', user.id);
		expect(await openPage(api, page, token)).toContain('name="currentPassword"');
		const email = newEmail();
		const send = (typed: Record<string, string>) =>
			fillIn(api, page, token, { by: { field: 'currentPassword' }, changes: { email, ...typed } });
		const refused = await send({});
		expect(refused.status).toBe(400);
		expect(refused.text).toContain('Enter your current password, or sign in again');
		expect(await api.accounts.findUser(user.id)).toMatchObject({ email: user.email });
		const done = await send({ currentPassword: password });
		expect(done.status).toBe(303);
		expect(await api.accounts.findUser(user.id)).toMatchObject({ email });
		const fresh = await api.accounts.makeSession(user.id);
		expect(await openPage(api, page, fresh)).not.toContain('name="currentPassword"');
	});
});

describe('a password that was just set', () => {
	const call = (method: string, path: string, token: string, body: object) =>
		api.request(method, `/api/auth/${path}`, { token, body });
	const tooNew = message('This password was set too recently. Use your PIN code.');
	const proofs = [
		['POST', 'session/unlock', {}],
		['PUT', 'pin-code', { newPinCode: '654321' }],
		['DELETE', 'pin-code', {}]
	] as const;

	const ways = {
		'POST /auth/change-password': async (user: { id: string }, token: string) =>
			call('POST', 'change-password', token, { password, newPassword }),
		'PUT /users/me of an account without one': async (user: { id: string }, token: string) => {
			await api.prisma.user.update({ where: { id: user.id }, data: { password: null } });
			return api.request('PUT', '/api/users/me', { token, body: { password: newPassword } });
		},
		'PUT /admin/users/{id}': async (user: { id: string }) => {
			const { token } = await api.accounts.signInAdmin();
			const body = { password: newPassword, shouldChangePassword: false };
			return api.request('PUT', `/api/admin/users/${user.id}`, { token, body });
		}
	};

	it.each(Object.entries(ways))('by %s unlocks nothing and changes no PIN, but the PIN itself does', async (_, set) => {
		const { user, token } = await api.accounts.signIn();
		expect((await call('POST', 'pin-code', token, { pinCode })).status).toBe(204);
		expect((await set(user, token)).status).toBe(200);
		const login = await api.request('POST', '/api/auth/login', {
			body: { email: user.email, password: newPassword }
		});
		const again = SignedIn.parse(login.body).accessToken;
		for (const [method, path, body] of proofs) {
			const reply = await call(method, path, again, { ...body, password: newPassword });
			expect([reply.status, reply.body]).toEqual([400, tooNew]);
		}
		expect((await call('POST', 'session/unlock', again, { pinCode })).status).toBe(204);
	});

	it('unlocks 10 minutes later', async () => {
		const { user, token } = await api.accounts.signIn({ createdAt: ago(60) });
		expect((await call('POST', 'pin-code', token, { pinCode })).status).toBe(204);
		for (const [setAt, status] of [
			[ago(9), 400],
			[ago(11), 204],
			// A clock that was set back locks no one out.
			[new Date(Date.now() + 60 * minuteMs), 204]
		] as const) {
			await api.accounts.setPasswordState(user.id, { setBy: user.id, setAt });
			expect((await call('POST', 'session/unlock', token, { password })).status).toBe(status);
		}
	});

	it('as a new user’s first one unlocks immediately', async () => {
		const admin = await api.accounts.signInAdmin();
		const email = newEmail();
		const body = { email, name: 'New', password, shouldChangePassword: false };
		expect((await api.request('POST', '/api/admin/users', { token: admin.token, body })).status).toBe(201);
		const login = await api.request('POST', '/api/auth/login', { body: { email, password } });
		const { accessToken } = SignedIn.parse(login.body);
		expect((await call('POST', 'pin-code', accessToken, { pinCode })).status).toBe(204);
		expect((await call('POST', 'session/unlock', accessToken, { password })).status).toBe(204);
	});
});
