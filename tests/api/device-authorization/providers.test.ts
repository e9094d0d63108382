import { beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { approve, Program } from '#tests/support/device.ts';

const api = useApi();
beforeEach(() => api.reset());

/** A user with a temporary password, and a session that a provider started. */
async function signInByProvider() {
	const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
	await api.accounts.setPasswordState(user.id);
	const { id: sessionId } = await api.prisma.session.findFirstOrThrow({ where: { userId: user.id } });
	const identity = { providerId: 'immich', issuer: 'https://provider.example.test', subject: 'ann' };
	await api.prisma.oAuthIdentity.create({ data: { ...identity, userId: user.id } });
	await api.prisma.oAuthSession.create({ data: { ...identity, sessionId } });
	return { user, token };
}

const start = () => Program.start(api.request);
const unlink = async (userId: string) => {
	const { token } = await api.accounts.signInAdmin();
	expect((await api.request('DELETE', `/api/admin/users/${userId}/oauth`, { token })).status).toBe(200);
};

describe('a program that a session of a provider approves', () => {
	it('gets a session that isn’t behind the password gate, and ends when the user is unlinked', async () => {
		const { user, token } = await signInByProvider();
		const program = await start();
		await approve(api, token, program);
		const accessToken = await program.takeToken();
		expect((await api.request('GET', '/api/users', { token: accessToken })).status).toBe(200);
		await unlink(user.id);
		expect((await api.request('GET', '/api/users', { token: accessToken })).status).toBe(401);
		expect(await api.accounts.countSessions(user.id)).toBe(0);
	});

	it('gets none once the user is unlinked', async () => {
		const { user, token } = await signInByProvider();
		const program = await start();
		await approve(api, token, program);
		await unlink(user.id);
		expect(await program.refusal()).toEqual({ error: 'invalid_grant' });
	});

	it('gets none either if the session that approved outlives the link', async () => {
		const { user, token } = await signInByProvider();
		const program = await start();
		await approve(api, token, program);
		await api.prisma.oAuthIdentity.deleteMany({ where: { userId: user.id } });
		expect(await program.refusal()).toEqual({ error: 'invalid_grant' });
		expect(await api.accounts.countSessions(user.id)).toBe(1);
	});
});
