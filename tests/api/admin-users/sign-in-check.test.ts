import { describe, expect, it } from 'vitest';
import { signInGates } from '#lib/contract/sign-in-check.ts';
import { useApi, type Api } from '#tests/support/api.ts';
import { openPage } from '#tests/support/forms.ts';
import { unknownId } from '#tests/support/rows.ts';

const past = new Date(Date.now() - 60_000);

const check = async (api: Api, id: string) => {
	const { token } = await api.accounts.signInAdmin();
	return { token, reply: await api.request('GET', `/api/admin/users/${id}/sign-in-check`, { token }) };
};

describe('GET /admin/users/{id}/sign-in-check', () => {
	const api = useApi();

	it('200 with every gate in order, for somebody who can', async () => {
		const { user } = await api.accounts.signIn();
		const { reply } = await check(api, user.id);
		expect([reply.status, reply.body]).toEqual([
			200,
			{
				canSignIn: true,
				stoppedBy: null,
				remedy: null,
				gates: signInGates.map((gate) => ({ gate, state: expect.any(String) as unknown })),
				passwordExpiresAt: null,
				sessionCount: 1
			}
		]);
	});

	it.each([
		['deleted', { deletedAt: past }, {}, 'notDeleted', 'restore'],
		['without a password', { password: '' }, {}, 'passwordSet', 'resetPassword'],
		['with no password at all', { password: null }, {}, 'passwordSet', 'resetPassword'],
		['with an expired one', { shouldChangePassword: true }, { expiresAt: past }, 'passwordInTime', 'renewPassword']
	])('names what stops somebody %s', async (_, fields, state, stoppedBy, remedy) => {
		const user = await api.accounts.makeUser(fields);
		if (Object.keys(state).length > 0) await api.accounts.setPasswordState(user.id, state);
		const { reply } = await check(api, user.id);
		expect(reply.body).toMatchObject({ canSignIn: false, stoppedBy, remedy, sessionCount: 0 });
	});

	it('tells of a demanded change', async () => {
		const user = await api.accounts.makeUser({ shouldChangePassword: true });
		const { reply, token } = await check(api, user.id);
		expect(reply.body).toMatchObject({ canSignIn: true });
		expect(await openPage(api, `/admin/users/${user.id}`, token)).toContain('have to choose a new password');
	});

	it('is stopped by the first gate for an unknown id; 400 for none', async () => {
		const { reply } = await check(api, unknownId);
		expect(reply.body).toMatchObject({ canSignIn: false, stoppedBy: 'exists', remedy: 'createAccount' });
		expect((await check(api, 'nonsense')).reply.status).toBe(400);
	});
});

describe('on a server that lets nobody in by password', () => {
	const start = (value: object) =>
		useApi({
			prepare: async ({ prisma }) => {
				await prisma.systemMetadata.create({ data: { key: 'system-config', value } });
			}
		});

	describe('nor by OAuth', () => {
		const api = start({ passwordLogin: { enabled: false } });

		it('names the setting', async () => {
			const user = await api.accounts.makeUser({ oauthId: 'linked' });
			const { reply, token } = await check(api, user.id);
			expect(reply.body).toMatchObject({ stoppedBy: 'passwordSignIn', remedy: 'allowPasswords' });
			expect(await openPage(api, `/admin/users/${user.id}`, token)).toContain('Switch password sign-in on');
		});
	});

	describe('but by OAuth', () => {
		const api = start({ passwordLogin: { enabled: false }, oauth: { enabled: true } });

		it('lets in whoever is linked, and names the link where it is missing', async () => {
			const [linked, other] = [await api.accounts.makeUser({ oauthId: 'linked' }), await api.accounts.makeUser()];
			expect((await check(api, linked.id)).reply.body).toMatchObject({ canSignIn: true });
			expect((await check(api, other.id)).reply.body).toMatchObject({ stoppedBy: 'oauthLinked' });
		});
	});
});
