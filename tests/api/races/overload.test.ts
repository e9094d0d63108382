import { availableParallelism } from 'node:os';
import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
/** Many more than all cores hash in the two seconds that anybody may wait. */
const crowd = availableParallelism() * 150;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

describe('a storm of sign-ins', () => {
	it('503 with Retry-After for those who would wait too long, while others are served', async () => {
		const { user, token } = await api.accounts.signIn();
		const body = { email: user.email, password: 'wrong password' };
		const storm = Promise.all(Array.from({ length: crowd }, () => api.request('POST', '/api/auth/login', { body })));
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
		const replies = await over;
		const refused = replies.filter(({ status }) => status === 503);
		// Twenty are judged by their password; the others are too many.
		const judged = replies.filter(({ status }) => status === 401 || status === 429);
		expect(refused.length + judged.length).toBe(crowd);
		expect(refused.length).toBeGreaterThan(0);
		expect(judged.length).toBeGreaterThan(0);
		for (const reply of refused) {
			expect(reply.body).toEqual(message('The server is busy. Please try again in a moment.'));
			expect(Number(reply.headers['retry-after'])).toBeGreaterThanOrEqual(1);
		}
		// Were they queued behind the passwords, each would take seconds.
		expect(median(taken)).toBeLessThan(500);
	});

	it('leaves nothing behind: the next one is served', async () => {
		const { email } = await api.accounts.makeUser();
		const body = { email, password: 'correct horse battery' };
		expect((await api.request('POST', '/api/auth/login', { body })).status).toBe(201);
	});
});
