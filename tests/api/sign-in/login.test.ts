import { describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { anyText, emailIssue, emailTypeIssue, message, stringIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const login = (body: unknown) => api.request('POST', '/api/auth/login', { body });
const incorrect = message('Incorrect email or password');

describe('POST /auth/login', () => {
	it('returns 201 with every field of the response', async () => {
		const { id, email, name } = await api.accounts.makeUser({ shouldChangePassword: true });
		const reply = await login({ email, password });
		expect(reply.status).toBe(201);
		expect(reply.headers['content-type']).toMatch(/^application\/json/);
		expect(reply.body).toEqual({
			accessToken: anyText,
			userId: id,
			userEmail: email,
			name,
			isAdmin: false,
			profileImagePath: '',
			shouldChangePassword: true,
			isOnboarded: false
		});
	});

	it('returns 201 with isOnboarded for an onboarded admin', async () => {
		const { id, email } = await api.accounts.makeAdmin({ profileImagePath: '/data/profile/a.webp' });
		await api.prisma.userMetadata.create({ data: { userId: id, key: 'onboarding', value: { isOnboarded: true } } });
		const { body } = await login({ email, password });
		expect(body).toMatchObject({ isAdmin: true, isOnboarded: true, profileImagePath: '/data/profile/a.webp' });
	});

	it('returns 201 for the email in another case', async () => {
		const { id, email } = await api.accounts.makeUser();
		expect((await login({ email: email.toUpperCase(), password })).body).toMatchObject({ userId: id });
	});

	it('returns 201 for an email without a dot', async () => {
		await api.accounts.makeUser({ email: 'admin@local' });
		expect((await login({ email: 'admin@local', password })).status).toBe(201);
	});

	it('starts a session that stores only the token’s hash', async () => {
		const { id, email } = await api.accounts.makeUser();
		const { accessToken } = LoginResponseDto.parse((await login({ email, password })).body);
		const [session, ...others] = await api.prisma.session.findMany({ where: { userId: id } });
		expect(others).toEqual([]);
		expect(session).toMatchObject({ expiresAt: null, parentId: null, deviceType: '', deviceOS: '', appVersion: null });
		expect(session?.token).toHaveLength(32);
		expect(Buffer.from(session?.token ?? []).toString()).not.toContain(accessToken);
	});

	it('records the device from the headers', async () => {
		const { id, email } = await api.accounts.makeUser();
		const headers = { 'user-agent': 'immich-android/1.2.3', devicemodel: 'Pixel', devicetype: 'Android' };
		await api.request('POST', '/api/auth/login', { body: { email, password }, headers });
		const session = await api.prisma.session.findFirst({ where: { userId: id } });
		expect(session).toMatchObject({ appVersion: '1.2.3', deviceType: 'Pixel', deviceOS: 'android' });
	});

	it('returns 400 for an empty body with an issue per field', async () => {
		const reply = await login({});
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(validationFailed(emailTypeIssue(), stringIssue('password')));
	});

	it('returns 400 without a body with one issue about the whole', async () => {
		const reply = await api.request('POST', '/api/auth/login');
		expect(reply.status).toBe(400);
		expect(reply.body).toMatchObject({ message: 'Validation failed', errors: [{ path: [], expected: 'object' }] });
	});

	it.each([
		['no address', 'x', emailIssue],
		['null', null, emailTypeIssue('object')],
		['a list', ['a@b.test'], emailTypeIssue('object')],
		['a number', 5, emailTypeIssue('number')],
		['spaces around it', ' a@b.test ', emailIssue]
	])('returns 400 if the email is %s', async (_, email, issue) => {
		const reply = await login({ email, password });
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(validationFailed(issue));
	});

	it.each([
		['null', null, 'null'],
		['a list', [password], 'array'],
		['an object', { length: 8 }, 'object']
	])('returns 400 if the password is %s', async (_, given, received) => {
		const reply = await login({ email: 'a@b.test', password: given });
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(validationFailed(stringIssue('password', received)));
	});

	it.each([[null], ['text'], [[]], [5]])('returns 400 if the body is %j', async (body) => {
		expect((await login(body)).status).toBe(400);
	});

	it('returns 401 for a wrong password', async () => {
		const { email } = await api.accounts.makeUser();
		const reply = await login({ email, password: 'wrong' });
		expect(reply.status).toBe(401);
		expect(reply.body).toEqual(incorrect);
		expect(reply.cookies).toEqual([]);
	});

	it('returns the same 401 for an unknown, a deleted, and an OAuth-only user', async () => {
		const deleted = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		const oauthOnly = await api.accounts.makeUser({ password: null });
		const emptyHash = await api.accounts.makeUser({ password: '' });
		for (const email of ['nobody@example.test', deleted.email, oauthOnly.email, emptyHash.email]) {
			const reply = await login({ email, password });
			expect(reply.status).toBe(401);
			expect(reply.body).toEqual(incorrect);
		}
	});

	it('returns 401 for the hash itself as the password', async () => {
		const user = await api.accounts.makeUser();
		expect((await login({ email: user.email, password: user.password })).status).toBe(401);
	});

	it('logs neither email nor password nor token', async () => {
		const { email } = await api.accounts.makeUser();
		const { accessToken } = LoginResponseDto.parse((await login({ email, password })).body);
		await login({ email, password: 'a-wrong-password' });
		await expect.poll(() => api.lines.at(-1)).toContain('Sign-in refused');
		const log = api.lines.join('\n');
		for (const secret of [email, password, 'a-wrong-password', accessToken]) expect(log).not.toContain(secret);
	});
});

describe('with password sign-in off', () => {
	const off = useApi({
		prepare: async ({ prisma }) => {
			await prisma.systemMetadata.create({
				data: { key: 'system-config', value: { passwordLogin: { enabled: false } } }
			});
		}
	});

	it('returns 401 Password login has been disabled for right and wrong passwords', async () => {
		const { email } = await off.accounts.makeUser();
		for (const given of [password, 'wrong']) {
			const reply = await off.request('POST', '/api/auth/login', { body: { email, password: given } });
			expect(reply.status).toBe(401);
			expect(reply.body).toEqual(message('Password login has been disabled'));
		}
	});
});
