import { describe, expect, it } from 'vitest';
import { hash } from '@node-rs/bcrypt';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { whileItWaits } from '#tests/support/held.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();

describe('a current password that is replaced while the request waits', () => {
	it('no longer allows changing the email', async () => {
		const user = await api.accounts.makeUser();
		const token = await api.accounts.makeSession(user.id, { createdAt: new Date(Date.now() - 60 * 60_000) });
		const body = { email: 'moved-meanwhile@example.test', currentPassword: password };
		const other = await hash('another password', 4);
		const reply = await whileItWaits(
			api,
			['UPDATE "user" SET "password" = $2 WHERE "id" = $1', [user.id, other]],
			() => api.request('PUT', '/api/users/me', { token, body }),
			() => Promise.resolve()
		);
		expect([reply.status, reply.body]).toEqual([400, message('Wrong password')]);
		expect((await api.accounts.findUser(user.id)).email).toBe(user.email);
	});

	it('no longer allows an admin’s update of their own user to set a PIN', async () => {
		const user = await api.accounts.makeAdmin();
		const token = await api.accounts.makeSession(user.id, { createdAt: new Date(Date.now() - 60 * 60_000) });
		const body = { pinCode: '123456', currentPassword: password };
		const other = await hash('another password', 4);
		const reply = await whileItWaits(
			api,
			['UPDATE "user" SET "password" = $2 WHERE "id" = $1', [user.id, other]],
			() => api.request('PUT', `/api/admin/users/${user.id}`, { token, body }),
			() => Promise.resolve()
		);
		expect([reply.status, reply.body]).toEqual([400, message('Wrong password')]);
		expect(await api.accounts.findUser(user.id)).toMatchObject({ pinCode: null, password: other });
	});
});
