import { beforeAll, describe, expect, it } from 'vitest';
import { userSorts } from '#lib/contract/user-directory/user-directory.ts';
import { useApi } from '#tests/support/api.ts';
import { openPage } from '#tests/support/forms.ts';

const api = useApi();
const uuid = '[\\da-f]{8}(?:-[\\da-f]{4}){3}-[\\da-f]{12}';
let token = '';

/** The users listed on a page, in order, and the links to its neighboring pages. */
async function read(query: string) {
	const text = await openPage(api, `/admin/users?${query}`, token);
	const table = /<tbody>(.*?)<\/tbody>/s.exec(text)?.[1] ?? '';
	const ids = [...table.matchAll(new RegExp(`href="/admin/users/(${uuid})"`, 'g'))].map(([, id = '']) => id);
	const linkTo = (name: string) => {
		const href = new RegExp(`href="/admin/users\\?([^"]*\\b${name}=(?!end)[^"]*)"`).exec(text)?.[1];
		return href?.replaceAll('&amp;', '&');
	};
	return { ids: [...new Set(ids)], next: linkTo('after'), previous: linkTo('before') };
}

/** Visits all pages in one direction, starting from a query. */
async function walk(start: string, towards: 'next' | 'previous'): Promise<string[][]> {
	const pages: string[][] = [];
	for (let query: string | undefined = start; query !== undefined;) {
		const page = await read(query);
		pages.push(page.ids);
		expect(pages.length).toBeLessThan(10);
		query = page[towards];
	}
	return pages;
}

describe('the list of users', () => {
	beforeAll(async () => {
		({ token } = await api.accounts.signInAdmin({ name: 'The Admin' }));
		// 120 users with many equal values in each column, so that the ID decides at page boundaries.
		await api.prisma.$executeRaw`
			WITH groups AS (INSERT INTO cluster_group DEFAULT VALUES RETURNING id)
			INSERT INTO "user" ("email", "name", "clusterGroupId", "createdAt", "quotaUsageInBytes", "shouldChangePassword")
			SELECT 'u' || n || '@example.test', (ARRAY['Ada', 'ada', 'Zoë', '', '50% off', 'a_b', 'Ärger'])[n % 7 + 1], groups.id,
				'2026-01-01'::timestamptz + (n / 40) * interval '1.000001 second', n % 3, false
			FROM generate_series(1, 120) AS n, groups`;
		await api.prisma.$executeRaw`
			INSERT INTO immich_auth.user_activity ("userId", "lastSeenAt")
			SELECT id, '2026-02-01'::timestamptz + (random() * 3)::int * interval '1 day' FROM "user" WHERE "quotaUsageInBytes" > 0`;
	});

	it.each(userSorts.flatMap((sort) => ['asc', 'desc'].map((direction) => [sort, direction] as const)))(
		'by %s %s shows everyone once, forward and backward',
		async (sort, direction) => {
			const pages = await walk(`sort=${sort}&direction=${direction}`, 'next');
			const ids = pages.flat();
			expect(pages.map((page) => page.length)).toEqual([50, 50, 21]);
			expect(new Set(ids).size).toBe(121);
			const last = await read(`sort=${sort}&direction=${direction}`);
			const end = await walk(last.next ?? '', 'next');
			expect(end.flat()).toEqual(ids.slice(50));
			const turned = await walk(`sort=${sort}&direction=${direction === 'asc' ? 'desc' : 'asc'}`, 'next');
			expect(turned.flat()).toEqual([...ids].reverse());
		}
	);

	it('goes back through the same pages', async () => {
		const first = await read('sort=name&direction=asc');
		const second = await read(first.next ?? '');
		const third = await read(second.next ?? '');
		const back = await walk(third.previous ?? '', 'previous');
		expect(back).toEqual([second.ids, first.ids]);
	});

	it.each([
		['q=%25', 17],
		['q=a_b', 17],
		['q=50%25+off', 17],
		['q=ada', 35],
		['q=ADA', 35],
		['q=u12@', 1],
		['q=U12%40EXAMPLE', 1],
		['q=%5C', 0],
		["q='%20OR%20true%20--", 0],
		['q=The+Admin', 1],
		['role=admin', 1],
		['role=admin&q=ada', 0],
		['status=deleted', 0],
		['q=++the+admin++', 1]
	])('%s finds %i', async (query, count) => {
		expect((await read(query)).ids).toHaveLength(count);
	});

	it('finds one by ID', async () => {
		const user = await api.prisma.user.findFirstOrThrow({ where: { isAdmin: true } });
		expect((await read(`q=${user.id.toUpperCase()}`)).ids).toEqual([user.id]);
	});

	it.each([
		'sort=nonsense',
		'direction=up',
		'role=x',
		'status=x',
		'after=x',
		'before=x',
		'q=&sort=',
		`q=${'x'.repeat(300)}`
	])('ignores an invalid %s', async (query) => {
		expect((await read(query)).ids.length).toBe(50);
	});
});
