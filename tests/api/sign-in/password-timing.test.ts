import { performance } from 'node:perf_hooks';
import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const rounds = 9;

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

async function timeLogin(email: string): Promise<number> {
	const startedAt = performance.now();
	const reply = await api.request('POST', '/api/auth/login', { body: { email, password: 'wrong password' } });
	expect([reply.status, reply.body]).toEqual([401, message('Incorrect email or password')]);
	return performance.now() - startedAt;
}

describe('POST /auth/login with wrong credentials', () => {
	it('takes as long for an unknown, a deleted, and an OAuth-only user as for a wrong password', async () => {
		const [wrong, deleted, oauthOnly, emptyHash] = await Promise.all([
			api.accounts.makeUser(),
			api.accounts.makeUser({ deletedAt: new Date(), status: 'deleted' }),
			api.accounts.makeUser({ password: null, oauthId: 'sub' }),
			api.accounts.makeUser({ password: '' })
		]);
		const emails = [wrong.email, deleted.email, oauthOnly.email, emptyHash.email, 'nobody@example.test'];
		const times = new Map<string, number[]>(emails.map((email) => [email, []]));
		await timeLogin(wrong.email);
		// Alternates, so that a busy machine slows all of them equally.
		for (let round = 0; round < rounds; round += 1)
			for (const [email, taken] of times) taken.push(await timeLogin(email));
		const usual = median(times.get(wrong.email) ?? []);
		for (const [email, taken] of times) {
			// Without bcrypt it would take a small fraction of that.
			expect(median(taken), email).toBeGreaterThan(usual / 2);
			expect(median(taken), email).toBeLessThan(usual * 2);
		}
	});
});
