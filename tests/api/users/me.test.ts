import { describe, expect, it } from 'vitest';
import { avatarColors } from '#lib/contract/users/avatar-color.ts';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import {
	accountShape,
	emailIssue,
	message,
	stringIssue,
	tooLongIssue,
	tooShortIssue,
	validationFailed
} from '#tests/support/shapes.ts';

const api = useApi();

describe('GET /users/me', () => {
	it('returns 200 with every field of the user', async () => {
		const { user, token } = await api.accounts.signIn();
		const reply = await api.request('GET', '/api/users/me', { token });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual(
			accountShape({
				id: user.id,
				email: user.email,
				name: user.name,
				createdAt: user.createdAt.toISOString(),
				updatedAt: user.updatedAt.toISOString(),
				clusterGroupId: user.clusterGroupId
			})
		);
	});

	it('returns 200 with quota, usage, label, OAuth ID, image, and license as stored', async () => {
		const { user, token } = await api.accounts.signIn({
			quotaSizeInBytes: 5_000_000_000_000n,
			quotaUsageInBytes: 3_000_000_000n,
			storageLabel: 'me',
			oauthId: 'sub-1',
			profileImagePath: '/data/me.webp',
			avatarColor: 'pink'
		});
		const license = { licenseKey: 'IMCL-1', activationKey: 'x', activatedAt: '2026-01-01T00:00:00.000Z' };
		await api.prisma.userMetadata.create({ data: { userId: user.id, key: 'license', value: license } });
		const { body } = await api.request('GET', '/api/users/me', { token });
		expect(body).toMatchObject({
			quotaSizeInBytes: 5_000_000_000_000,
			quotaUsageInBytes: 3_000_000_000,
			storageLabel: 'me',
			oauthId: 'sub-1',
			profileImagePath: '/data/me.webp',
			avatarColor: 'pink',
			license
		});
	});
});

describe.each(['PUT', 'PATCH'])('%s /users/me', (method) => {
	const update = (token: string, body: unknown) => api.request(method, '/api/users/me', { token, body });

	it('returns 200 with the changed user, stored', async () => {
		const { user, token } = await api.accounts.signIn();
		const email = `new-${user.email}`;
		const reply = await update(token, { email: email.toUpperCase(), name: 'New', avatarColor: 'green' });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual(accountShape({ id: user.id, email, name: 'New', avatarColor: 'green' }));
		expect(await api.accounts.findUser(user.id)).toMatchObject({ email, name: 'New', avatarColor: 'green' });
	});

	it.each(avatarColors)('returns 200 for the color %s', async (avatarColor) => {
		const { token } = await api.accounts.signIn();
		expect((await update(token, { avatarColor })).body).toMatchObject({ avatarColor });
	});

	it('resets to the derived color for null', async () => {
		const { user, token } = await api.accounts.signIn({
			avatarColor: 'pink',
			email: `${method}-a@b.test`.toLowerCase()
		});
		const { body } = await update(token, { avatarColor: null });
		expect(body).not.toMatchObject({ avatarColor: null });
		expect(await api.accounts.findUser(user.id)).toMatchObject({ avatarColor: null });
	});

	it.each([
		['nothing', {}],
		['only what is unknown', { nonsense: 1 }],
		['what is already so', { name: 'Same' }],
		['an empty password', { password: '' }]
	])('returns 200 and writes nothing for %s', async (_, body) => {
		const { user, token } = await api.accounts.signIn({ name: 'Same' });
		const reply = await update(token, body);
		expect(reply.status).toBe(200);
		expect(reply.body).toMatchObject({ id: user.id, name: 'Same' });
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it('returns 200, sets the password without the old one, clears the flag, and ends other sessions', async () => {
		const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
		const other = await api.accounts.makeSession(user.id);
		const reply = await update(token, { password: 'a new password' });
		expect(reply.status).toBe(200);
		expect(reply.body).toMatchObject({ shouldChangePassword: false });
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		expect((await api.request('GET', '/api/users/me', { token: other })).status).toBe(401);
		const login = (given: string) =>
			api.request('POST', '/api/auth/login', { body: { email: user.email, password: given } });
		expect((await login(password)).status).toBe(401);
		expect((await login('a new password')).status).toBe(201);
	});

	it('returns 400 Email is not available for another user’s, also a deleted user’s', async () => {
		const { user, token } = await api.accounts.signIn();
		const other = await api.accounts.makeUser();
		const deleted = await api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' });
		for (const email of [other.email, other.email.toUpperCase(), deleted.email]) {
			const reply = await update(token, { email });
			expect(reply.status).toBe(400);
			expect(reply.body).toEqual(message('Email is not available'));
		}
		expect(await api.accounts.findUser(user.id)).toEqual(user);
	});

	it.each([
		['a bad e-mail', { email: 'x' }, [emailIssue]],
		['a null name', { name: null }, [stringIssue('name', 'null')]],
		['a null password', { password: null }, [stringIssue('password', 'null')]],
		['7 characters of password', { password: '1234567' }, [tooShortIssue('password')]],
		['73 bytes of password', { password: 'x'.repeat(73) }, [tooLongIssue('password')]],
		[
			'an unknown colour',
			{ avatarColor: 'black' },
			[
				{
					code: 'invalid_value',
					values: [...avatarColors],
					path: ['avatarColor'],
					message: `Invalid option: expected one of ${avatarColors.map((color) => `"${color}"`).join('|')}`
				}
			]
		]
	])('returns 400 for %s', async (_, body, issues) => {
		const { token } = await api.accounts.signIn();
		const reply = await update(token, body);
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(validationFailed(...issues));
	});
});

describe('a user who was removed in the meantime', () => {
	it('gets 401', async () => {
		const { user, token } = await api.accounts.signIn();
		await api.prisma.user.delete({ where: { id: user.id } });
		expect((await api.request('GET', '/api/users/me', { token })).body).toEqual(message('Invalid user token'));
	});
});
