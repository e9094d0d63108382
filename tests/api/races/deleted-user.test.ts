import { expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';
import { whileItWaits } from '#tests/support/held.ts';

const api = useApi();

it('a user who is deleted while signing in gets no session', async () => {
	const user = await api.accounts.makeUser();
	const reply = await whileItWaits(
		api,
		['UPDATE "user" SET "deletedAt" = now() WHERE "id" = $1', [user.id]],
		() => api.request('POST', '/api/auth/login', { body: { email: user.email, password } }),
		() => Promise.resolve()
	);
	expect(reply.status).toBe(401);
	expect(await api.accounts.countSessions(user.id)).toBe(0);
});
