import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { UserSuggestionDto } from '#lib/contract/user-directory/user-suggestion.ts';
import { useApi } from '#tests/support/api.ts';
import { message, stringIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const Suggestions = z.array(UserSuggestionDto.strict());
const path = (q: string) => `/api/admin/user-directory/suggestions?q=${encodeURIComponent(q)}`;
let token = '';

async function suggest(q: string) {
	const { status, body } = await api.request('GET', path(q), { token });
	expect(status, q).toBe(200);
	return Suggestions.parse(body);
}

const namesFor = async (q: string) => (await suggest(q)).map(({ name }) => name);

describe('GET /admin/user-directory/suggestions', () => {
	beforeEach(async () => {
		await api.reset();
		({ token } = await api.accounts.signInAdmin({ name: 'Ada Admin', email: 'ada@example.test' }));
	});

	it('returns 200 with only the fields of a suggestion', async () => {
		const olga = await api.accounts.makeUser({ name: 'Olga', email: 'olga@example.test', avatarColor: 'pink' });
		const { status, body } = await api.request('GET', path('olga'), { token });
		expect(status).toBe(200);
		expect(body).toEqual([
			{ id: olga.id, name: 'Olga', email: 'olga@example.test', avatarColor: 'pink', isAdmin: false }
		]);
	});

	it('finds by name, email, and ID, in full or by prefix, in any case', async () => {
		const olga = await api.accounts.makeUser({ name: 'Olga Ordinary', email: 'oo@photos.test' });
		for (const q of ['OLGA', 'ordin', 'lga o', 'oo@', 'photos.t', olga.id, olga.id.toUpperCase(), olga.id.slice(0, 8)])
			expect(await namesFor(q), q).toEqual(['Olga Ordinary']);
	});

	it('finds words that start with one or two characters', async () => {
		await api.accounts.makeUser({ name: 'Zoë Quist', email: 'z@example.test' });
		for (const q of ['z', 'zo', 'q', 'qu', 'Z']) expect(await namesFor(q), q).toEqual(['Zoë Quist']);
	});

	it('lists matches at the start first, at most ten, each once', async () => {
		for (let number = 0; number < 12; number += 1) await api.accounts.makeUser({ name: `Aaron Benson ${number}` });
		await api.accounts.makeUser({ name: 'Benedict' });
		const names = await namesFor('ben');
		expect(names).toHaveLength(10);
		expect(names[0]).toBe('Benedict');
		expect(new Set(names).size).toBe(10);
	});

	it('leaves deleted users out and treats special characters literally', async () => {
		await api.accounts.makeUser({ name: 'Dora Deleted', deletedAt: new Date(), status: 'deleted' });
		for (const q of ['dora', '%', '_', '\\', "' OR true --", '', '   ', 'ffffffff-', '0000000g']) {
			expect(await namesFor(q), q).toEqual([]);
		}
	});

	it('returns 400 without a text, for one that is too long, and for a non-text', async () => {
		const without = await api.request('GET', '/api/admin/user-directory/suggestions', { token });
		expect([without.status, without.body]).toEqual([400, validationFailed(stringIssue('q'))]);
		for (const q of ['x'.repeat(255), 'a\0b']) expect((await api.request('GET', path(q), { token })).status).toBe(400);
	});

	it('returns 401 without a credential, 403 for users and for a key without the permission', async () => {
		const user = await api.accounts.signIn();
		const admin = await api.accounts.makeAdmin();
		const apiKey = await api.accounts.makeApiKey(admin.id, ['user.read']);
		expect((await api.request('GET', path('a'))).status).toBe(401);
		expect((await api.request('GET', path('a'), { token: user.token })).status).toBe(403);
		const byKey = await api.request('GET', path('a'), { apiKey });
		expect([byKey.status, byKey.body]).toEqual([403, message('Missing required permission: adminUser.read')]);
		const good = await api.accounts.makeApiKey(admin.id, ['adminUser.read']);
		expect((await api.request('GET', path('ada'), { apiKey: good })).status).toBe(200);
	});
});

describe('GET /admin/user-directory/suggestions with 100,000 users', () => {
	beforeAll(async () => {
		await api.reset();
		({ token } = await api.accounts.signInAdmin({ name: 'Ada Admin', email: 'ada@example.test' }));
		await api.prisma.$executeRaw`
			WITH groups AS (INSERT INTO cluster_group DEFAULT VALUES RETURNING id)
			INSERT INTO "user" ("email", "name", "clusterGroupId")
			SELECT 'mail-' || n || '@example.test', (ARRAY['Olga', 'Zoë', 'Ben', 'Ärger'])[n % 4 + 1] || ' Person ' || n, groups.id
			FROM generate_series(1, 100000) AS n, groups`;
		await api.prisma.$executeRaw`ANALYZE "user"`;
	}, 180_000);

	const scan = () =>
		api.prisma.$queryRaw`SELECT count(*) FROM "user" WHERE "name" ILIKE '%not there%' OR "email" ILIKE '%not there%'`;
	const measureTime = async (work: () => Promise<unknown>) => {
		const startedMs = performance.now();
		await work();
		return performance.now() - startedMs;
	};
	const getMedian = (times: readonly number[]) => times.toSorted((one, other) => one - other)[2] ?? Infinity;

	// Partially typed names that match all, one, or no users.
	it.each([
		'p',
		'pe',
		'per',
		'person',
		'o',
		'olga person 77',
		'mail-99999',
		'example',
		'zz',
		'qzx',
		'n 12',
		'aaaaaaaa'
	])('responds to %j without reading every user', async (q) => {
		await suggest(q);
		const [suggesting, scanning]: [number[], number[]] = [[], []];
		for (let round = 0; round < 5; round += 1) {
			suggesting.push(await measureTime(() => suggest(q)));
			scanning.push(await measureTime(scan));
		}
		// Compared with a scan at the same time, so that a busy machine makes no difference.
		expect(getMedian(suggesting)).toBeLessThan(2 * getMedian(scanning));
	});
});
