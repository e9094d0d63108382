import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { useApi } from '#tests/support/api.ts';

const api = useApi();
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

describe('a burst of sign-ins', () => {
	it('admits all of them while other requests stay fast', async () => {
		const { token } = await api.accounts.signIn();
		const users = await Promise.all(Array.from({ length: 60 }, () => api.accounts.makeUser()));
		const storm = Promise.all(
			users.map(({ email }) => api.request('POST', '/api/auth/login', { body: { email, password } }))
		);
		const taken: number[] = [];
		const progress = { isOver: false };
		const over = storm.then((replies) => {
			progress.isOver = true;
			return replies;
		});
		while (!progress.isOver && taken.length < 200) {
			const startedAt = performance.now();
			expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
			taken.push(performance.now() - startedAt);
		}
		expect((await over).map(({ status }) => status)).toEqual(users.map(() => 201));
		// Queued behind the password checks, each would take seconds.
		expect(median(taken)).toBeLessThan(500);
	});

	it('for one user from one network does not block other users until it ends', async () => {
		const [bob, eve] = [await api.accounts.makeUser(), await api.accounts.makeUser()];
		const login = (email: string, typed: string, address: string) =>
			api.request('POST', '/api/auth/login', {
				body: { email, password: typed },
				headers: { 'x-forwarded-for': address }
			});
		let judged = 0;
		const flood = Array.from({ length: 100 }, async () => {
			await login(bob.email, 'wrong password', '203.0.113.7');
			judged++;
		});
		expect((await login(eve.email, password, '198.51.100.9')).status).toBe(201);
		expect(judged).toBeLessThan(60);
		await Promise.all(flood);
	});
});
