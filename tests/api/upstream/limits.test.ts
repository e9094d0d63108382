import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { runAdmin } from '#tests/support/command.ts';
import { startServer } from '#tests/support/server.ts';
import { StandInImmich } from '#tests/support/stand-in-immich.ts';

const immich = await new StandInImmich().start();
afterAll(() => immich.stop());
const env = { IMMICH_UPSTREAM_URL: immich.url };
const api = useApi({ env, prepare: ({ pool }) => immich.share(pool) });
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });

beforeEach(() => void immich.take());

describe('in front of an Immich', () => {
	it('forms don’t change what is Immich’s', async () => {
		const { token } = await api.accounts.signIn();
		const { id } = await api.accounts.makeUser();
		const cookie = buildCookie(token);
		const reply = await api.submit('/account/profile?/removePicture', {}, cookie);
		expect([reply.status, reply.body]).toEqual([403, expect.stringContaining('Immich does this')]);
		await api.submit(`/account/partners?/share`, { sharedWithId: id }, cookie);
		expect(await api.prisma.partner.count()).toBe(0);
	});

	it('a loop ends', async () => {
		const { token } = await api.accounts.signIn();
		await fetch(`${api.url}/api/people`, { headers: bearer(token) });
		const raw = immich.take()[0]?.rawHeaders ?? [];
		const via = raw[raw.findIndex((name) => name.toLowerCase() === 'via') + 1] ?? '';
		const reply = await fetch(`${api.url}/api/people`, { headers: { ...bearer(token), via } });
		expect(reply.status).toBe(508);
		expect(immich.take()).toEqual([]);
	});

	it('an upload survives a restart of ours by being sent again', async () => {
		const { token } = await api.accounts.signIn();
		const start = () => startServer({ ...env, DATABASE_URL: api.databaseUrl, DATA_DIR: api.dataDir });
		const first = await start();
		const body = randomBytes(1_000_000);
		const headers = { ...bearer(token), 'content-length': body.length };
		const upload = request(`${first.url}/api/assets`, { method: 'POST', headers });
		const failed = once(upload, 'error');
		upload.write(body.subarray(0, 100_000));
		const received = () => immich.seen.find(({ method }) => method === 'POST');
		await vi.waitFor(() => expect(received()?.bytes).toBeGreaterThan(0));
		await first.stop();
		await failed;
		await vi.waitFor(() => expect(received()?.isAborted).toBe(true));
		const second = await start();
		const reply = await fetch(`${second.url}/api/assets`, { method: 'POST', headers: bearer(token), body });
		expect([reply.status, await reply.json()]).toEqual([201, expect.objectContaining({ bytes: body.length })]);
		await second.stop();
	});

	it('the doctor says whether Immich works', async () => {
		const run = async (url: string) => {
			const variables = { IMMICH_UPSTREAM_URL: url, DATABASE_URL: api.databaseUrl, DATA_DIR: api.dataDir };
			const { out } = await runAdmin(['doctor', '--json'], variables);
			return (JSON.parse(out) as { check: string; message: string }[]).find(({ check }) => check === 'Immich')?.message;
		};
		expect(await run(immich.url)).toBe('Immich 3.0.3 responds.');
		expect(await run('http://127.0.0.1:9')).toBe('Immich does not work. It cannot be reached.');
	});

	it.each(['ftp://immich', 'http://immich/api', 'http://user:secret@immich', 'immich:2283'])(
		'%s is no address of Immich',
		async (url) => {
			const started = startServer({ IMMICH_UPSTREAM_URL: url, DATABASE_URL: api.databaseUrl, DATA_DIR: api.dataDir });
			await expect(started).rejects.toThrow(/IMMICH_UPSTREAM_URL: must/);
		}
	);
});
