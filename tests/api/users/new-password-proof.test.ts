import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const newPassword = 'another password';
const ago = (minutes: number) => new Date(Date.now() - minutes * 60_000);
const recentNeeded = message('A recent sign-in is required');
const passwordNeeded = message('Current password is required');
const SignedIn = z.object({ accessToken: z.string() });

let count = 0;
const newEmail = () => `mail-${(count += 1)}@example.test`;

/** Signs in a user whose session is this many minutes old. */
async function signInEarlier(minutes: number, fields = {}) {
	const user = await api.accounts.makeUser(fields);
	return { user, token: await api.accounts.makeSession(user.id, { createdAt: ago(minutes) }) };
}

async function signIn(email: string, typed: string): Promise<string> {
	const reply = await api.request('POST', '/api/auth/login', { body: { email, password: typed } });
	return SignedIn.parse(reply.body).accessToken;
}

const updateMe = (token: string, body: object) => api.request('PUT', '/api/users/me', { token, body });
const changePassword = (token: string, from: string, to: string) =>
	api.request('POST', '/api/auth/change-password', { token, body: { password: from, newPassword: to } });

describe('an admin who signed in more than 10 minutes ago', () => {
	const update = (token: string, id: string, body: object) =>
		api.request('PUT', `/api/admin/users/${id}`, { token, body });
	const require = (id: string, sent: object) =>
		api.request('POST', `/api/admin/users/${id}/force-password-change`, sent);

	it('can’t require a change of their own password and then set one without the old one', async () => {
		const { user, token } = await signInEarlier(11, { isAdmin: true });
		const forced = await require(user.id, { token });
		expect([forced.status, forced.body]).toEqual([400, recentNeeded]);
		const updated = await update(token, user.id, { shouldChangePassword: true });
		expect([updated.status, updated.body]).toEqual([400, passwordNeeded]);
		const byPage = await api.submit(`/admin/users/${user.id}?/forcePasswordChange`, {}, buildCookie(token));
		expect(byPage.status).toBe(400);
		const { items } = await new Batches(api, token).run({ kind: 'requireChange', ids: [user.id] });
		expect(items.map(({ outcome }) => outcome)).toEqual(['skipped']);
		expect((await updateMe(token, { password: newPassword })).status).toBe(400);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('can’t by an API key either', async () => {
		const { user } = await signInEarlier(0, { isAdmin: true });
		const apiKey = await api.accounts.makeApiKey(user.id);
		expect((await require(user.id, { apiKey })).status).toBe(400);
		const body = { shouldChangePassword: true };
		expect((await api.request('PUT', `/api/admin/users/${user.id}`, { apiKey, body })).status).toBe(400);
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('can with the current password, can send the flag back unchanged, and can change other users', async () => {
		const { user, token } = await signInEarlier(11, { isAdmin: true });
		const other = await api.accounts.makeUser();
		expect((await require(other.id, { token })).status).toBe(200);
		expect((await update(token, other.id, { shouldChangePassword: true })).status).toBe(200);
		expect((await update(token, user.id, { shouldChangePassword: false, name: 'New' })).status).toBe(200);
		const body = { shouldChangePassword: true, currentPassword: 'wrong' };
		expect((await update(token, user.id, body)).status).toBe(400);
		expect((await update(token, user.id, { ...body, currentPassword: password })).body).toMatchObject({
			shouldChangePassword: true
		});
		const flagged = await signInEarlier(11, { isAdmin: true, shouldChangePassword: true });
		await api.accounts.setPasswordState(flagged.user.id, { setBy: flagged.user.id, setAt: ago(60) });
		const same = { shouldChangePassword: true, name: 'New' };
		expect((await update(flagged.token, flagged.user.id, same)).status).toBe(200);
	});

	it('can within 10 minutes', async () => {
		const { user, token } = await signInEarlier(9, { isAdmin: true });
		expect((await require(user.id, { token })).status).toBe(200);
		const again = await signInEarlier(9, { isAdmin: true });
		expect((await update(again.token, again.user.id, { shouldChangePassword: true })).status).toBe(200);
	});
});

describe('a password that a session has just set without a proof', () => {
	/** Sets a user's first password in a session that is an hour old. */
	async function setFirst() {
		const { user, token } = await signInEarlier(60, { password: null, isAdmin: true });
		expect((await updateMe(token, { password: newPassword })).status).toBe(200);
		return { user, token };
	}

	it('doesn’t prove a change of the email', async () => {
		const { user, token } = await setFirst();
		const body = { email: newEmail(), currentPassword: newPassword };
		for (const reply of [
			await updateMe(token, body),
			await api.request('PUT', `/api/admin/users/${user.id}`, { token, body })
		])
			expect([reply.status, reply.body]).toEqual([400, recentNeeded]);
		expect(await api.accounts.findUser(user.id)).toMatchObject({ email: user.email });
	});

	it('doesn’t prove it by a sign-in, nor after it is changed again', async () => {
		const { user } = await setFirst();
		const again = await signIn(user.email, newPassword);
		const body = { email: newEmail() };
		expect((await updateMe(again, body)).body).toEqual(passwordNeeded);
		expect((await updateMe(again, { ...body, currentPassword: newPassword })).body).toEqual(recentNeeded);
		expect((await changePassword(again, newPassword, 'a third password')).status).toBe(200);
		const third = await signIn(user.email, 'a third password');
		for (const token of [again, third]) expect((await updateMe(token, body)).body).toEqual(passwordNeeded);
		const reset = await api.request('POST', `/api/admin/users/${user.id}/reset-password`, { token: third, body: {} });
		expect([reset.status, reset.body]).toEqual([400, recentNeeded]);
		expect(await api.accounts.findUser(user.id)).toMatchObject({ email: user.email });
	});

	it('proves it 10 minutes later, while a sign-in at a provider does immediately', async () => {
		const { user, token } = await setFirst();
		const email = newEmail();
		const fresh = await api.accounts.makeSession(user.id);
		expect((await updateMe(fresh, { email })).status).toBe(400);
		const session = await api.prisma.session.findFirstOrThrow({
			where: { userId: user.id },
			orderBy: { createdAt: 'desc' }
		});
		await api.prisma.oAuthSession.create({
			data: { sessionId: session.id, providerId: 'oauth', issuer: 'https://id.example.test', subject: 's' }
		});
		expect((await updateMe(fresh, { email })).body).toMatchObject({ email });
		await api.prisma.passwordState.update({ where: { userId: user.id }, data: { setAt: ago(11) } });
		const later = newEmail();
		const reply = await updateMe(token, { email: later, currentPassword: newPassword });
		expect(reply.body).toMatchObject({ email: later });
	});

	it('differs from a first password within 10 minutes of signing in', async () => {
		const { user, token } = await signInEarlier(1, { password: null });
		expect((await updateMe(token, { password: newPassword })).status).toBe(200);
		expect((await updateMe(token, { email: newEmail() })).status).toBe(200);
		const { email } = await api.accounts.findUser(user.id);
		expect((await updateMe(await signIn(email, newPassword), { email: newEmail() })).status).toBe(200);
	});

	it('differs from one changed with the old one, after which a new sign-in proves the email', async () => {
		const { user, token } = await signInEarlier(11);
		expect((await changePassword(token, password, newPassword)).status).toBe(200);
		const body = { email: newEmail(), currentPassword: newPassword };
		const reply = await updateMe(token, body);
		expect([reply.status, reply.body]).toEqual([400, recentNeeded]);
		const again = await signIn(user.email, newPassword);
		expect((await updateMe(again, body)).status).toBe(200);
	});
});
