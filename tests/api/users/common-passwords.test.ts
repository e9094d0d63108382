import { beforeEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi, type Api } from '#tests/support/api.ts';
import { useSettings } from '#tests/support/change-settings.ts';
import { fillIn } from '#tests/support/forms.ts';
import { validationFailed } from '#tests/support/shapes.ts';

const words = 'This password is too easy to guess. Choose one that is less common and is not made of names.';
const refusal = (field: string) => validationFailed({ code: 'custom', path: [field], message: words });
const bob = { name: 'Robert Smithers', email: 'bobby@example.test' };

/** Every operation that sets a user's password. */
const ways = {
	'POST /auth/admin-sign-up': async (api: Api, given: string) => ({
		field: 'password',
		reply: await api.request('POST', '/api/auth/admin-sign-up', { body: { ...bob, password: given } })
	}),
	'POST /admin/users': async (api: Api, given: string) => {
		const { token } = await api.accounts.signInAdmin();
		const body = { ...bob, password: given };
		return { field: 'password', reply: await api.request('POST', '/api/admin/users', { token, body }) };
	},
	'PUT /admin/users/{id}': async (api: Api, given: string) => {
		const { token } = await api.accounts.signInAdmin();
		const { id } = await api.accounts.makeUser(bob);
		const body = { password: given };
		return { field: 'password', reply: await api.request('PUT', `/api/admin/users/${id}`, { token, body }) };
	},
	'POST /admin/users/{id}/reset-password': async (api: Api, given: string) => {
		const { token } = await api.accounts.signInAdmin();
		const { id } = await api.accounts.makeUser(bob);
		const path = `/api/admin/users/${id}/reset-password`;
		return { field: 'password', reply: await api.request('POST', path, { token, body: { password: given } }) };
	},
	'PUT /users/me': async (api: Api, given: string) => {
		const { user, token } = await api.accounts.signIn(bob);
		await api.accounts.setPasswordState(user.id);
		await api.prisma.user.update({ where: { id: user.id }, data: { shouldChangePassword: true } });
		return {
			field: 'password',
			reply: await api.request('PUT', '/api/users/me', { token, body: { password: given } })
		};
	},
	'POST /auth/change-password': async (api: Api, given: string) => {
		const { token } = await api.accounts.signIn(bob);
		const body = { password, newPassword: given };
		return { field: 'newPassword', reply: await api.request('POST', '/api/auth/change-password', { token, body }) };
	}
};

describe('by default', () => {
	const api = useApi();
	beforeEach(() => api.reset());

	describe.each(Object.entries(ways))('%s', (_, send) => {
		it.each([
			'password',
			'12345678',
			' '.repeat(8),
			'P@ssw0rd1',
			'Robert Smithers',
			'smithers2024',
			'bobby@example.test',
			'Immich123'
		])('returns 400 at its field for %j', async (given) => {
			const { field, reply } = await send(api, given);
			expect([reply.status, reply.body]).toEqual([400, refusal(field)]);
		});

		it('accepts a password that is not easy to guess', async () => {
			expect([200, 201]).toContain((await send(api, 'quiet river, green forest')).reply.status);
		});
	});

	describe('the same in forms', () => {
		it('shows the error at the field of the first admin', async () => {
			const form = { ...bob, password: 'smithers2024' };
			const reply = await api.submit('/auth/register', form);
			expect(reply.status).toBe(400);
			expect(reply.text).toContain(words);
			expect(await api.prisma.user.count()).toBe(0);
		});

		it('shows the error at the field of the new password', async () => {
			const { token } = await api.accounts.signIn(bob);
			const reply = await fillIn(api, '/auth/change-password', token, {
				by: { field: 'newPassword' },
				changes: { password, newPassword: 'smithers2024' }
			});
			expect(reply.status).toBe(400);
			expect(reply.text).toContain(words);
		});

		it('shows the error at the field of a new user and of a reset', async () => {
			const { token } = await api.accounts.signInAdmin();
			const { id } = await api.accounts.makeUser();
			const made = await fillIn(api, '/admin/users/new', token, {
				by: { field: 'email' },
				changes: { ...bob, password: 'smithers2024' }
			});
			const reset = await fillIn(api, `/admin/users/${id}/reset-password`, token, {
				by: { field: 'password' },
				changes: { password: 'password' }
			});
			for (const reply of [made, reset]) {
				expect(reply.status).toBe(400);
				expect(reply.text).toContain(words);
			}
		});
	});
});

describe('with IMMICH_AUTH_ALLOW_COMMON_PASSWORDS=true', () => {
	const api = useApi({ env: { IMMICH_AUTH_ALLOW_COMMON_PASSWORDS: 'true' } });

	it.each(Object.entries(ways))('%s accepts them', async (_, send) => {
		await api.reset();
		expect([200, 201]).toContain((await send(api, 'password')).reply.status);
	});
});

describe('with the setting', () => {
	const api = useApi();
	useSettings(api, { immichAuth: { passwords: { allowCommon: true } } });

	it('accepts them', async () => {
		expect((await ways['POST /admin/users'](api, 'password')).reply.status).toBe(201);
	});
});
