import { beforeEach, describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { answer, approve, Program } from '#tests/support/device.ts';

const api = useApi({ isOwn: true });
beforeEach(() => api.reset());

const start = () => Program.start(api.request);

describe('wrong user codes', () => {
	const tooMany = 'That was wrong too often';

	it('are refused from the eleventh in 15 minutes on, and then the right one is too', async () => {
		const [one, another] = [await api.accounts.signIn(), await api.accounts.signIn()];
		const program = await start();
		for (let guess = 0; guess < 10; guess++) {
			const reply = await answer(api, one.token, guess % 2 === 0 ? 'approve' : 'find', 'BBBB-BBBB');
			expect(reply.status).toBe(400);
			expect(reply.text).toContain('No program is waiting with this code');
		}
		for (const code of ['BBBB-BBBB', program.userCode]) {
			const reply = await answer(api, one.token, 'approve', code);
			expect([reply.status, reply.headers['retry-after']]).toEqual([429, expect.stringMatching(/^\d+$/)]);
			expect(reply.text).toContain(tooMany);
		}
		await approve(api, another.token, program);
	});

	it('are counted even in parallel, and right ones aren’t', async () => {
		const { token } = await api.accounts.signIn();
		for (let round = 0; round < 6; round++) {
			const program = await start();
			await answer(api, token, 'find', program.userCode);
			await approve(api, token, program);
		}
		const replies = await Promise.all(Array.from({ length: 15 }, () => answer(api, token, 'find', 'BBBB-BBBB')));
		expect(replies.filter(({ status }) => status === 400)).toHaveLength(10);
		expect(replies.filter(({ status }) => status === 429)).toHaveLength(5);
	});

	it('don’t get more because of right ones in between', async () => {
		const { token } = await api.accounts.signIn();
		const statuses: number[] = [];
		for (let round = 0; round < 11; round++) {
			await answer(api, token, 'find', (await start()).userCode);
			statuses.push((await answer(api, token, 'find', 'BBBB-BBBB')).status);
		}
		expect(statuses).toEqual([...Array.from({ length: 10 }, () => 400), 429]);
	});

	it('are limited per public network too', async () => {
		const { token } = await api.accounts.signIn();
		const key = 'user-code-from:203.0.113.7';
		await api.prisma.rateLimit.create({ data: { key, points: 50, expire: BigInt(Date.now() + 600_000) } });
		const guess = (address: string) =>
			api.request('POST', '/device?/find', {
				form: { code: 'BBBB-BBBB' },
				cookie: buildCookie(token),
				headers: { 'x-forwarded-for': address, origin: api.url, host: new URL(api.url).host, accept: 'text/html' }
			});
		expect((await guess('203.0.113.7')).status).toBe(429);
		expect((await guess('198.51.100.9')).status).toBe(400);
	});
});
