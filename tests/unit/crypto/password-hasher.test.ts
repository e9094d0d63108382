import { availableParallelism } from 'node:os';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { AppError } from '#lib/server/platform/errors.ts';
import { PasswordHasher, bcryptCost } from '#lib/server/platform/crypto/password-hasher.ts';

const cores = availableParallelism();
const crowd = 1_500;
const turn = { lanes: [] };
const bcrypt = vi.hoisted(() => {
	const waiting: (() => void)[] = [];
	const seen = { running: 0, most: 0, hashes: [] as string[] };
	const work = async <Result>(result: Result): Promise<Result> => {
		seen.running += 1;
		seen.most = Math.max(seen.most, seen.running);
		await new Promise<void>((resolve) => waiting.push(resolve));
		seen.running -= 1;
		return result;
	};
	return { waiting, seen, work };
});

vi.mock('@node-rs/bcrypt', () => ({
	hash: (password: string, cost: number) => bcrypt.work(`hash of ${password} by ${cost}`),
	verify: (password: string, hash: string) => {
		bcrypt.seen.hashes.push(hash);
		return bcrypt.work(password === 'right');
	}
}));

/** Lets every comparison finish, including those started in the meantime. */
async function finish(all: Promise<unknown>): Promise<void> {
	let isOver = false;
	void all.then(() => (isOver = true));
	await vi.waitUntil(
		() => {
			for (const end of bcrypt.waiting.splice(0)) end();
			return isOver;
		},
		{ interval: 0, timeout: 20_000 }
	);
}

describe('PasswordHasher', () => {
	beforeEach(() => {
		bcrypt.seen.most = 0;
		bcrypt.seen.hashes = [];
	});

	it('hashes with the fixed cost', async () => {
		const hashed = new PasswordHasher().hash('secret', turn);
		await finish(hashed);
		expect(await hashed).toBe(`hash of secret by ${bcryptCost}`);
	});

	it('compares with a decoy if there is no hash, and never accepts it', async () => {
		const hasher = new PasswordHasher();
		const none = Promise.all([hasher.matches('right', null, turn), hasher.matches('right', '', turn)]);
		await finish(none);
		expect(await none).toEqual([false, false]);
		const [first, second] = bcrypt.seen.hashes;
		expect(first).toMatch(/^\$2b\$10\$[./\w]{53}$/);
		expect(second).toBe(first);
		const some = hasher.matches('right', 'a hash', turn);
		await finish(some);
		expect(await some).toBe(true);
	});

	it('runs no more in parallel than there are cores', async () => {
		const hasher = new PasswordHasher();
		const all = Promise.all(Array.from({ length: cores * 5 }, () => hasher.hash('x', turn)));
		await finish(all);
		expect(bcrypt.seen.most).toBe(cores);
	});

	it('lets a thousand wait, and refuses the rest with 503', async () => {
		const hasher = new PasswordHasher();
		const all = Promise.allSettled(Array.from({ length: crowd }, () => hasher.matches('right', 'a hash', turn)));
		await finish(all);
		const refusals = (await all).flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
		expect(refusals).toHaveLength(crowd - 1_000 - cores);
		for (const refusal of refusals) {
			expect(refusal).toBeInstanceOf(AppError);
			expect(refusal).toMatchObject({ status: 503, details: { retryAfterSeconds: 5 } });
		}
	});

	it('accepts work again after a burst', async () => {
		const hasher = new PasswordHasher();
		await finish(Promise.allSettled(Array.from({ length: crowd }, () => hasher.hash('x', turn))));
		const next = hasher.hash('next', turn);
		await finish(next);
		expect(await next).toContain('next');
	});
});
