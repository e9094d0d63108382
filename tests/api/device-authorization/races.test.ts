import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSender, type Send } from '#tests/support/http.ts';
import { useApi } from '#tests/support/api.ts';
import { answer, approve, Program } from '#tests/support/device.ts';
import { repeat } from '#tests/support/repeat.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';

const api = useApi();
let there: { server: TestServer; send: Send; close: () => void };

beforeAll(async () => {
	const server = await startServer({ DATABASE_URL: api.databaseUrl });
	there = { server, ...createSender(server.url) };
});
afterAll(async () => {
	there.close();
	await there.server.stop();
});

const start = () => Program.start(api.request);

describe('two instances', () => {
	it('serve one program: requested there, approved here, taken there', async () => {
		const { user, token } = await api.accounts.signIn();
		const program = await Program.start(there.send);
		expect(await program.refusal()).toEqual({ error: 'authorization_pending' });
		await approve(api, token, program);
		const accessToken = await program.takeToken();
		const me = await api.request('GET', '/api/users/me', { token: accessToken });
		expect(me.body).toMatchObject({ id: user.id });
	});

	it('agree on the interval', async () => {
		const program = await start();
		expect((await program.poll()).body).toEqual({ error: 'authorization_pending' });
		expect((await program.poll({}, there.send)).body).toEqual({ error: 'slow_down' });
		expect((await program.poll()).body).toEqual({ error: 'slow_down' });
		const { intervalSeconds } = await api.prisma.deviceAuthorization.findFirstOrThrow({
			orderBy: { createdAt: 'desc' }
		});
		expect(intervalSeconds).toBe(15);
	});

	it('hand out the token of parallel polls once', async () => {
		await repeat(10, async () => {
			const { user, token } = await api.accounts.signIn();
			const program = await start();
			await approve(api, token, program);
			const polls = Array.from({ length: 8 }, (_, index) => program.poll({}, index % 2 ? there.send : api.request));
			const replies = await Promise.all(polls);
			expect(replies.map(({ status }) => status).toSorted()).toEqual([200, ...Array.from({ length: 7 }, () => 400)]);
			for (const { status, body } of replies) if (status === 400) expect(body).toEqual({ error: 'invalid_grant' });
			expect(await api.accounts.countSessions(user.id)).toBe(2);
		});
	});
});

describe('parallel answers', () => {
	it('by one user or two: one wins', async () => {
		await repeat(10, async (round) => {
			const [one, another] = [await api.accounts.signIn(), await api.accounts.signIn()];
			const program = await start();
			const second = round % 2 ? one : another;
			const replies = await Promise.all([
				answer(api, one.token, 'approve', program.userCode),
				answer(api, second.token, 'deny', program.userCode)
			]);
			expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 400]);
			const isApproved = replies[0].status === 200;
			expect((await program.poll()).status).toBe(isApproved ? 200 : 400);
			expect(await api.accounts.countSessions(one.user.id)).toBe(isApproved ? 2 : 1);
		});
	});
});

describe('a poll, concurrent with', () => {
	it('a reset, leaves no session', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		await repeat(20, async () => {
			const { user, token } = await api.accounts.signIn();
			const program = await start();
			await approve(api, token, program);
			const path = `/api/admin/users/${user.id}/reset-password`;
			const [poll, reset] = await Promise.all([
				program.poll(),
				api.request('POST', path, { token: admin, body: { password: 'temporary-one' } })
			]);
			expect(reset.status).toBe(200);
			expect([200, 400]).toContain(poll.status);
			expect(await api.accounts.countSessions(user.id)).toBe(0);
		});
	});

	it('the end of all the user’s sessions by an admin, leaves none', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		await repeat(20, async () => {
			const { user, token } = await api.accounts.signIn();
			const program = await start();
			await approve(api, token, program);
			const path = `/api/admin/users/${user.id}/sessions`;
			const [poll, ended] = await Promise.all([program.poll(), api.request('DELETE', path, { token: admin })]);
			expect(ended.status).toBe(204);
			expect([200, 400]).toContain(poll.status);
			expect(await api.accounts.countSessions(user.id)).toBe(0);
		});
	});
});
