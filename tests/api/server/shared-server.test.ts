import { describe, expect, it } from 'vitest';
import { SharedServer } from '#tests/support/shared-server.ts';
import { Api } from '#tests/support/api.ts';

/** Uses the worker's shared server as a test file does. */
async function lease(use: (api: Api) => Promise<void>): Promise<SharedServer | undefined> {
	const api = new Api();
	await api.start({});
	try {
		await use(api);
	} finally {
		await api.close();
	}
	return globalThis.sharedTestServer;
}

const config = async (api: Api) => (await api.request('GET', '/api/server/config')).body;
const rowCounts = async (api: Api) => {
	const { rows } = await api.pool.query<{ table: string; count: string }>(
		`SELECT table_schema || '.' || table_name AS table,
			(xpath('/row/n/text()', query_to_xml(format('SELECT count(*) AS n FROM %I.%I', table_schema, table_name),
				false, true, '')))[1]::text AS count
		FROM information_schema.tables
		WHERE table_type = 'BASE TABLE' AND table_schema !~ '^pg_|^information_schema$|_snapshot$' ORDER BY 1`
	);
	return rows;
};

describe('the server that test files share', () => {
	it('has no users, settings, jobs, limits or log lines of the file before', async () => {
		const before: unknown[] = [];
		const first = await lease(async (api) => {
			before.push(await config(api), await rowCounts(api), api.lines);
			const { token } = await api.accounts.signInAdmin();
			const sent = { token, body: { name: 'user-cleanup' } };
			expect(await api.request('POST', '/api/jobs', sent)).toMatchObject({ status: 204 });
			const { body: current } = await api.request('GET', '/api/system-config', { token });
			const body = {
				...(current as object),
				server: { externalDomain: '', loginPageMessage: 'Hello', publicUsers: false }
			};
			expect(await api.request('PUT', '/api/system-config', { token, body })).toMatchObject({ status: 200 });
			const wrong = { body: { email: 'ada@example.test', password: 'wrong' } };
			expect(await api.request('POST', '/api/auth/login', wrong)).toMatchObject({ status: 401 });
			expect(await config(api)).toMatchObject({ loginPageMessage: 'Hello', isInitialized: true });
			await expect.poll(() => api.lines.length).toBeGreaterThan((before[2] as string[]).length);
		});
		const second = await lease(async (api) =>
			expect([await config(api), await rowCounts(api), api.lines]).toEqual(before)
		);
		expect(second).toBe(first);
	});

	it('is replaced after a file that changed the schema', async () => {
		const first = await lease(async (api) => {
			await api.pool.query('ALTER TABLE immich_auth.setting ADD COLUMN extra int');
		});
		const second = await lease(async (api) => expect(await config(api)).toMatchObject({ isInitialized: false }));
		expect(second).toBeDefined();
		expect(second).not.toBe(first);
	});

	it('is used by one describe at a time: another gets its own', async () => {
		await lease(async (api) => {
			const other = new Api();
			await other.start({});
			expect(other.url).not.toBe(api.url);
			await other.close();
		});
	});
});
