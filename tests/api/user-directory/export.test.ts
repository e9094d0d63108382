import http from 'node:http';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { Batches, readCsv } from '#tests/support/batches.ts';
import { makeCrowd } from '#tests/support/crowd.ts';

const api = useApi();
const crowdSize = 4_300;
const Users = z.array(z.looseObject({ id: z.string(), name: z.string(), email: z.string() }));
let token = '';

const download = (query: string) => api.request('GET', `/api/admin/user-directory/export?${query}`, { token });
const readRows = async (query: string) => readCsv((await download(`format=csv&${query}`)).text);
const readUsers = async (query: string) => Users.parse((await download(`format=json&${query}`)).body);

beforeAll(async () => {
	({ token } = await api.accounts.signInAdmin({ name: 'The Admin' }));
	await makeCrowd(api.pool, crowdSize);
	for (const name of [
		'=1+1',
		'+49 30',
		'-1',
		'@me',
		'\tx',
		'"quoted", \n and more',
		'50% off',
		'a_b',
		"O'Neill",
		'ÄÖ 😀'
	])
		await api.accounts.makeUser({ name });
});

describe('GET /admin/user-directory/export', () => {
	it('returns 200 with a CSV file of every user that is not deleted, each once, in chunks', async () => {
		const reply = await download('format=csv');
		expect(reply.status).toBe(200);
		expect(reply.headers).toMatchObject({
			'content-type': 'text/csv; charset=utf-8',
			'content-disposition': 'attachment; filename="users.csv"',
			'transfer-encoding': 'chunked',
			'cache-control': expect.stringContaining('no-store') as string
		});
		const wanted = await api.prisma.user.findMany({
			where: { deletedAt: null },
			orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
			select: { id: true }
		});
		expect(readCsv(reply.text).map(({ id }) => id)).toEqual(wanted.map(({ id }) => id));
	});

	it('returns 200 with a JSON file of the same', async () => {
		const reply = await download('format=json');
		expect(reply.headers).toMatchObject({
			'content-type': 'application/json',
			'content-disposition': 'attachment; filename="users.json"'
		});
		const [csv, json] = [await readRows(''), Users.parse(reply.body)];
		expect(json.map(({ id }) => id)).toEqual(csv.map(({ id }) => id));
		expect(json.find(({ name }) => name === '=1+1')).toEqual({
			id: expect.any(String) as string,
			email: expect.any(String) as string,
			name: '=1+1',
			avatarColor: expect.any(String) as string,
			isAdmin: false,
			isOAuthLinked: false,
			hasPassword: true,
			storageLabel: null,
			mustChangePassword: false,
			passwordExpiresAt: null,
			quotaSizeInBytes: null,
			quotaUsageInBytes: 0,
			createdAt: expect.any(String) as string,
			deletedAt: null,
			lastSeenAt: null
		});
		expect(reply.text).not.toContain('no hash');
	});

	it('contains no formula and every text unchanged', async () => {
		const names = (await readRows('q=person-')).map(({ name }) => name).sort();
		const wanted = [
			"'=1+1",
			"'+49 30",
			"'-1",
			"'@me",
			"'\tx",
			'"quoted", \n and more',
			'50% off',
			'a_b',
			"O'Neill",
			'ÄÖ 😀'
		];
		expect(names).toEqual([...wanted, 'The Admin'].sort());
	});

	it.each([
		['q=50%25', ['50% off']],
		['q=%25', ['50% off']],
		['q=a_b', ['a_b']],
		["q=O'Neill", ["O'Neill"]],
		["q='%20OR%20true%20--", []],
		['q=%22quoted%22', ['"quoted", \n and more']],
		['q=%5C', []],
		['q=ADMIN&role=admin', ['The Admin']],
		['q=nobody-has-this', []]
	])('%s finds the matching users', async (query, names) => {
		expect((await readUsers(query)).map(({ name }) => name)).toEqual(names);
		expect(await readRows(query)).toHaveLength(names.length);
	});

	it.each([
		['status=mustChange', 860],
		['status=expired', 215],
		['status=deleted', 43],
		['status=all', crowdSize + 11],
		['status=active', crowdSize + 11 - 860 - 43],
		['signIn=oauth', 430],
		['signIn=password', crowdSize + 11 - 430 - 43],
		['quota=over', 172],
		['seen=never', 602 + 11],
		['role=admin', 87],
		['role=admin&status=mustChange', 43],
		['signIn=oauth&status=mustChange', 86],
		['q=ada&quota=over', 0]
	])('%s returns %i of the test users', async (query, count) => {
		expect(await readUsers(query)).toHaveLength(count);
	});

	it.each(['name', 'email', 'createdAt', 'lastSeenAt', 'usage'])(
		'sorted by %s contains everyone once in both directions',
		async (sort) => {
			const up = await readUsers(`status=all&sort=${sort}&direction=asc`);
			const down = await readUsers(`status=all&sort=${sort}&direction=desc`);
			expect(new Set(up.map(({ id }) => id)).size).toBe(crowdSize + 11);
			expect(down.map(({ id }) => id)).toEqual(up.map(({ id }) => id).reverse());
		}
	);

	it.each([
		'',
		'format=xml',
		'format=csv&status=gone',
		'format=csv&role=king',
		'format=csv&signIn=x',
		'format=csv&quota=under',
		'format=csv&seen=always',
		'format=csv&sort=password',
		'format=csv&direction=up',
		`format=csv&q=${'x'.repeat(255)}`,
		'format=csv&q=%00'
	])('returns 400 for %j, which must not widen the export', async (query) => {
		const reply = await download(query);
		expect([reply.status, reply.body]).toMatchObject([400, { message: 'Validation failed' }]);
	});

	it('returns 401 without a credential, 403 for users and for a key without the permission', async () => {
		const path = '/api/admin/user-directory/export?format=csv';
		const { user, token: stranger } = await api.accounts.signIn();
		const admin = await api.accounts.makeAdmin();
		const [theirs, narrow, right] = [
			await api.accounts.makeApiKey(user.id),
			await api.accounts.makeApiKey(admin.id, ['adminUser.update']),
			await api.accounts.makeApiKey(admin.id, ['adminUser.read'])
		];
		expect((await api.request('GET', path)).status).toBe(401);
		expect((await api.request('GET', path, { token: stranger })).status).toBe(403);
		expect((await api.request('GET', path, { apiKey: theirs })).status).toBe(403);
		expect((await api.request('GET', path, { apiKey: narrow })).status).toBe(403);
		expect((await api.request('GET', path, { apiKey: right })).status).toBe(200);
	});

	it('can be imported: users of one server are created on another from it', async () => {
		const csv = (await download("format=csv&q=O'Neill")).text;
		const [exported] = await api.prisma.user.findMany({ where: { name: { contains: "O'Neill" } } });
		const changed = csv.replace(exported?.email ?? 'none', 'moved@example.test');
		expect(changed).not.toBe(csv);
		const batches = new Batches(api, token);
		expect(await batches.runImport(changed)).toMatchObject({ batch: { total: 1, done: 1, failed: 0 } });
		const imported = await api.prisma.user.findUniqueOrThrow({ where: { email: 'moved@example.test' } });
		for (const field of ['name', 'isAdmin', 'quotaSizeInBytes'] as const)
			expect(imported[field]).toBe(exported?.[field]);
	});
});

describe('clients that disconnect during an export', () => {
	/** Reads the start of a response and cuts the connection. */
	const hangUp = (path: string) =>
		new Promise<void>((resolve, reject) => {
			const asked = http.get(api.url + path, { headers: { authorization: `Bearer ${token}` } }, (reply) => {
				reply.once('data', () => {
					reply.destroy();
					resolve();
				});
			});
			asked.on('error', reject);
		});

	it.each([
		'/api/admin/user-directory/export?format=csv',
		'/api/admin/user-directory/export?format=json',
		'/api/admin/users'
	])('keep no database connection: %s', async (path) => {
		for (let round = 0; round < 5; round++) await Promise.all(Array.from({ length: 8 }, () => hangUp(path)));
		await expect
			.poll(async () => {
				const { rows } = await api.pool.query<{ state: string; query: string }>(
					`SELECT "state", "query" FROM pg_stat_activity
						WHERE "datname" = current_database() AND "pid" <> pg_backend_pid() AND "state" <> 'idle'`
				);
				return rows;
			})
			.toEqual([]);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
	});
});
