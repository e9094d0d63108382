import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { jobStates, runJob } from '#tests/support/jobs.ts';

let release: { status: number; text: string } = { status: 200, text: '' };
const versions = createServer((_, response) => response.writeHead(release.status).end(release.text));
await once(versions.listen(0, '127.0.0.1'), 'listening');
const address = versions.address();
const versionUrl = `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}/latest`;

const api = useApi({ env: { IMMICH_AUTH_VERSION_URL: versionUrl } });
let token = '';

beforeAll(async () => {
	({ token } = await api.accounts.signInAdmin({ name: 'Ada' }));
});
afterEach(() => api.pool.query('DELETE FROM immich_auth_jobs.job'));
afterAll(() => void versions.close());

const run = (name: string) => runJob(api, token, name);

describe('VersionCheck', () => {
	const enable = (enabled: boolean) =>
		api.prisma.systemMetadata.upsert({
			where: { key: 'system-config' },
			create: { key: 'system-config', value: { newVersionCheck: { enabled } } },
			update: { value: { newVersionCheck: { enabled } } }
		});

	it('sends no request unless enabled, and stores the result', async () => {
		expect(await run('VersionCheck')).toContain('turned off');
		await api.pool.query('DELETE FROM immich_auth_jobs.job');
		await enable(true);
		release = { status: 200, text: JSON.stringify({ tag_name: 'v3.4.5' }) };
		expect(await run('VersionCheck')).toBe('The newest is v3.4.5');
		expect((await api.request('GET', '/api/server/version-check', { token })).body).toMatchObject({
			releaseVersion: 'v3.4.5'
		});
	});

	it.each([
		['an error', { status: 500, text: '' }, 'answered 500'],
		['too much', { status: 200, text: 'x'.repeat(300 * 1024) }, 'more than is read'],
		['nonsense', { status: 200, text: '{"tag_name":"<script>"}' }, '']
	])('fails for %s', async (_, given, reason) => {
		await enable(true);
		release = given;
		await api.request('POST', '/api/queues/backgroundTask/jobs', { token, body: { name: 'VersionCheck' } });
		await expect
			.poll(() => jobStates(api.pool, 'VersionCheck'))
			.toMatchObject([{ state: 'retry', reason: expect.stringContaining(reason) as string }]);
	});
});
