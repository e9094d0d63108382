import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { AccessTokens, areHashesEqual, hashSecret } from '#lib/server/platform/caller/access-tokens.ts';

const secret = new Uint8Array(32).fill(1);
const userId = '11111111-1111-4111-a111-111111111111';
const tokens = new AccessTokens(secret);
const verify = (by: AccessTokens, token: string) => by.verify(token, hashSecret(token));

describe('AccessTokens', () => {
	afterEach(() => {
		vi.useRealTimers();
	});

	it('verifies its own tokens, each with its own session', async () => {
		const [one, other] = [await tokens.issue(userId, null), await tokens.issue(userId, null)];
		expect(await verify(tokens, one.token)).toMatchObject({ sub: userId, sid: one.sessionId });
		expect(one.sessionId).not.toBe(other.sessionId);
		expect(one.tokenHash).toEqual(hashSecret(one.token));
	});

	it('rejects an expired token, whether cached or not', async () => {
		vi.useFakeTimers({ toFake: ['Date'] });
		const { token } = await tokens.issue(userId, new Date(Date.now() + 60_000));
		const seen = new AccessTokens(secret);
		expect(await verify(seen, token)).not.toBeNull();
		vi.setSystemTime(Date.now() + 61_000);
		expect(await verify(seen, token)).toBeNull();
		expect(await verify(new AccessTokens(secret), token)).toBeNull();
	});

	it('rejects a token signed with another secret every time', async () => {
		const { token } = await new AccessTokens(new Uint8Array(32).fill(2)).issue(userId, null);
		for (let times = 0; times < 3; times += 1) expect(await verify(tokens, token)).toBeNull();
	});

	it('rejects a token with one changed character', async () => {
		const { token } = await tokens.issue(userId, null);
		expect(await verify(tokens, token)).not.toBeNull();
		// The last character has two unused bits, so it is left unchanged.
		await fc.assert(
			fc.asyncProperty(
				fc.nat(token.length - 2),
				fc.constantFrom('A', 'b', '9', '-', '.', '='),
				async (at, character) => {
					const changed = token.slice(0, at) + character + token.slice(at + 1);
					if (changed !== token) expect(await verify(tokens, changed)).toBeNull();
				}
			)
		);
	});

	it('rejects any text without throwing', async () => {
		await fc.assert(
			fc.asyncProperty(fc.string({ unit: 'binary' }), async (text) => {
				expect(await verify(tokens, text)).toBeNull();
			})
		);
	});
});

describe('areHashesEqual', () => {
	it('compares by content, and returns false for another length', () => {
		expect(areHashesEqual(hashSecret('a'), hashSecret('a'))).toBe(true);
		expect(areHashesEqual(hashSecret('a'), hashSecret('b'))).toBe(false);
		expect(areHashesEqual(hashSecret('a'), new Uint8Array())).toBe(false);
	});
});
