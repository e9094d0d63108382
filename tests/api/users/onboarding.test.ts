import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { booleanIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const path = '/api/users/me/onboarding';

describe('/users/me/onboarding', () => {
	it('GET returns 200 with false if nothing is stored', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await api.request('GET', path, { token });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual({ isOnboarded: false });
	});

	it('PUT returns 200 and stores the value for the caller only', async () => {
		const { user, token } = await api.accounts.signIn();
		const other = await api.accounts.signIn();
		const reply = await api.request('PUT', path, { token, body: { isOnboarded: true, more: 1 } });
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual({ isOnboarded: true });
		expect((await api.request('GET', path, { token })).body).toEqual({ isOnboarded: true });
		expect((await api.request('GET', path, { token: other.token })).body).toEqual({ isOnboarded: false });
		const rows = await api.prisma.userMetadata.findMany({ where: { userId: user.id } });
		expect(rows).toMatchObject([{ key: 'onboarding', value: { isOnboarded: true } }]);
	});

	it('DELETE returns 204 without a body and deletes it, also the second time', async () => {
		const { token } = await api.accounts.signIn();
		await api.request('PUT', path, { token, body: { isOnboarded: true } });
		for (let times = 0; times < 2; times += 1) {
			const reply = await api.request('DELETE', path, { token });
			expect(reply.status).toBe(204);
			expect(reply.text).toBe('');
		}
		expect((await api.request('GET', path, { token })).body).toEqual({ isOnboarded: false });
	});

	it.each([
		['missing', {}, 'undefined'],
		['null', { isOnboarded: null }, 'null'],
		['a text', { isOnboarded: 'true' }, 'string']
	])('PUT returns 400 if the value is %s', async (_, body, received) => {
		const { token } = await api.accounts.signIn();
		const reply = await api.request('PUT', path, { token, body });
		expect(reply.status).toBe(400);
		expect(reply.body).toEqual(validationFailed(booleanIssue('isOnboarded', received)));
	});
});
