import { describe, expect, it } from 'vitest';
import { newPassword } from '#lib/contract/fields.ts';
import { newTemporaryPassword } from '#lib/server/platform/crypto/temporary-password.ts';

const many = Array.from({ length: 2_000 }, newTemporaryPassword);

describe('newTemporaryPassword', () => {
	it('returns four groups of four unambiguous symbols', () => {
		for (const password of many) expect(password).toMatch(/^[a-hjkmnp-z2-9]{4}(-[a-hjkmnp-z2-9]{4}){3}$/);
	});

	it('satisfies the password rules', () => {
		for (const password of many) expect(newPassword.safeParse(password).success).toBe(true);
	});

	it('never returns the same one twice', () => {
		expect(new Set(many).size).toBe(many.length);
	});

	it('uses all symbols about equally often', () => {
		const symbols = many.join('').replaceAll('-', '');
		const counts = new Map<string, number>();
		for (const symbol of symbols) counts.set(symbol, (counts.get(symbol) ?? 0) + 1);
		expect(counts.size).toBe(31);
		const expected = symbols.length / 31;
		// Each occurs about 1,032 times; a fair choice deviates by 32 (one sigma), so six sigma never happens by chance.
		for (const [symbol, count] of counts) expect(Math.abs(count - expected), symbol).toBeLessThan(200);
	});
});
