import { once } from 'node:events';
import { request } from 'node:http';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { listen } from '#tests/support/live.ts';
import { StandInImmich } from '#tests/support/stand-in-immich.ts';

const immich = await new StandInImmich().start();
afterAll(() => immich.stop());
const api = useApi({ env: { IMMICH_UPSTREAM_URL: immich.url }, prepare: ({ pool }) => immich.share(pool) });

const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const ask = (path: string, init: RequestInit = {}) => fetch(api.url + path, { redirect: 'manual', ...init });
const signedIn = async () => bearer((await api.accounts.signIn()).token);

beforeEach(() => void immich.take());

/** An upload that has begun and doesn't end. */
async function beginUpload(headers: Record<string, string>) {
	const upload = request(`${api.url}/api/assets`, {
		method: 'POST',
		headers: { ...headers, 'content-length': 10_000_000 }
	});
	const ended = new Promise<number>((resolve) => {
		upload.on('error', () => resolve(performance.now())).on('close', () => resolve(performance.now()));
	});
	upload.write(Buffer.alloc(100_000));
	await vi.waitFor(() => expect(immich.seen.find(({ method }) => method === 'POST')?.bytes).toBeGreaterThan(0));
	return { upload, ended };
}

/** A download that has begun and doesn't end. */
async function beginDownload(headers: Record<string, string>) {
	const download = await ask('/api/faults/endless', { headers });
	const reader = download.body?.getReader();
	await reader?.read();
	const ended = reader?.read().then(
		() => null,
		() => performance.now()
	);
	return { download, ended };
}

describe('Immich misbehaves', () => {
	it.each(['garbage', 'headers'])('turns %s into a 502 that says when to try again', async (kind) => {
		const reply = await ask(`/api/faults/${kind}`, { headers: await signedIn() });
		expect([reply.status, reply.headers.get('retry-after'), await reply.json()]).toEqual([
			502,
			'5',
			{ message: 'Immich cannot be reached' }
		]);
	});

	it('passes on a redirect without following it', async () => {
		const reply = await ask('/api/faults/redirect', { headers: await signedIn() });
		expect([reply.status, reply.headers.get('location'), immich.take().length]).toEqual([
			302,
			'/api/faults/redirect',
			1
		]);
	});

	it('ends an upload with a 502 if Immich dies in the middle of it', async () => {
		const reply = await ask('/api/faults/dying-upload', {
			method: 'POST',
			headers: await signedIn(),
			body: new Uint8Array(3_000_000)
		});
		expect(reply.status).toBe(502);
		expect(immich.take()).toHaveLength(1);
	});

	it('cuts a download if Immich dies in the middle of it', async () => {
		const reply = await ask('/api/faults/dying-download', { headers: await signedIn() });
		await expect(reply.arrayBuffer()).rejects.toThrow();
	});

	it('returns a response that Immich sends before it has read the upload', async () => {
		const reply = await ask('/api/faults/refused-upload', {
			method: 'POST',
			headers: await signedIn(),
			body: new Uint8Array(3_000_000)
		});
		expect([reply.status, await reply.json()]).toEqual([413, { message: 'Too large' }]);
		// The connection can be used again.
		expect((await ask('/api/albums', { headers: await signedIn() })).status).toBe(200);
	});

	it('keeps console and sign-in working while Immich is down, and recovers by itself', async () => {
		const { token } = await api.accounts.signInAdmin();
		const headers = bearer(token);
		const { port } = immich;
		await immich.stop();
		try {
			expect((await ask('/api/albums', { headers })).status).toBe(502);
			const page = await ask('/photos', { headers: { accept: 'text/html' } });
			expect([page.status, page.headers.get('retry-after')]).toEqual([502, '5']);
			expect(await page.text()).toContain('Immich cannot be reached');
			expect((await ask('/auth/login')).status).toBe(200);
			expect((await ask('/api/users/me', { headers })).status).toBe(200);
			const ready = async (): Promise<unknown> => (await ask('/readyz')).json();
			await vi.waitFor(
				async () => expect(await ready()).toEqual({ status: 'ready', immich: { isUp: false, version: null } }),
				{ timeout: 15_000, interval: 500 }
			);
			expect(
				await (await ask('/admin/server', { headers: { cookie: `immich_access_token=${token}` } })).text()
			).toContain('It cannot be reached.');
		} finally {
			await immich.start(port);
		}
		expect((await ask('/api/albums', { headers })).status).toBe(200);
	});
});

describe('clients disconnect', () => {
	it('aborts at Immich what its client has aborted', async () => {
		const headers = await signedIn();
		const { upload } = await beginUpload(headers);
		upload.destroy();
		await vi.waitFor(() => expect(immich.seen[0]?.isAborted).toBe(true));
		const controller = new AbortController();
		const open = immich.connections;
		const silent = ask('/api/faults/silent', { headers, signal: controller.signal }).catch(() => 'aborted');
		await vi.waitFor(() => expect(immich.seen).toHaveLength(2));
		controller.abort();
		expect(await silent).toBe('aborted');
		await vi.waitFor(() => expect(immich.connections).toBeLessThanOrEqual(open));
	});
});

describe('a session ends', () => {
	const end = async (headers: Record<string, string>) => {
		expect((await ask('/api/auth/logout', { method: 'POST', headers })).status).toBe(200);
		return performance.now();
	};

	it('is dead at Immich within 100 ms: uploads, downloads and new requests', async () => {
		const headers = await signedIn();
		const others = await beginDownload(await signedIn());
		const { ended: uploadEnded } = await beginUpload(headers);
		const { ended: downloadEnded } = await beginDownload(headers);
		const endedAt = await end(headers);
		const cutAt = await Promise.all([uploadEnded, downloadEnded]);
		for (const at of cutAt) expect((at ?? Infinity) - endedAt).toBeLessThan(100);
		expect((await ask('/api/albums', { headers })).status).toBe(401);
		const state = await Promise.race([others.ended, Promise.resolve('open')]);
		expect(state).toBe('open');
		await others.download.body?.cancel().catch(() => undefined);
	});

	it('cuts its websocket, and no other one', async () => {
		const headers = await signedIn();
		const [mine, other] = [listen(api.url, headers), listen(api.url, await signedIn())];
		await Promise.all([mine.next('on_server_version'), other.next('on_server_version')]);
		mine.socket.emit('ping_me', 'a');
		expect(await mine.next('pong_you')).toBe('a');
		const closed = once(mine.socket as never, 'disconnect');
		const endedAt = await end(headers);
		await closed;
		expect(performance.now() - endedAt).toBeLessThan(100);
		other.socket.emit('ping_me', 'b');
		expect(await other.next('pong_you')).toBe('b');
		other.close();
	});

	it('cuts what an API key has under way when the key is deleted', async () => {
		const { user } = await api.accounts.signIn();
		const secret = await api.accounts.makeApiKey(user.id, ['asset.read']);
		const { ended } = await beginDownload({ 'x-api-key': secret });
		await api.prisma.apiKey.deleteMany({ where: { userId: user.id } });
		expect(await ended).toBeGreaterThan(0);
	});
});

describe('websockets', () => {
	const refused = async (headers: Record<string, string>) => {
		const client = listen(api.url, headers);
		await once(client.socket as never, 'connect_error');
		client.close();
		return immich.take();
	};

	it('are refused without a good credential, to lesser keys, and to pages of other sites', async () => {
		const { user, token } = await api.accounts.signIn();
		const key = await api.accounts.makeApiKey(user.id, ['asset.read']);
		const cookie = `immich_access_token=${token}`;
		for (const headers of [{}, bearer('wrong'), { 'x-api-key': key }, { cookie, origin: 'https://evil.example' }])
			expect(await refused(headers as Record<string, string>)).toEqual([]);
	});

	it('of the console have a path of their own', async () => {
		const console = listen(api.url, await signedIn(), { path: '/api/console-events', auth: { client: 'console' } });
		await console.next('on_server_version');
		expect(immich.take()).toEqual([]);
		console.close();
	});
});

describe('maintenance', () => {
	it('forwards nothing and cuts what is under way', async () => {
		const admin = await api.accounts.signInAdmin();
		const headers = await signedIn();
		const { ended } = await beginDownload(headers);
		const begin = { method: 'POST', headers: { ...bearer(admin.token), 'content-type': 'application/json' } };
		const begun = await ask('/api/admin/maintenance', { ...begin, body: '{"action":"start"}' });
		expect(begun.status).toBe(201);
		expect(await ended).toBeGreaterThan(0);
		immich.take();
		expect((await ask('/api/albums', { headers })).status).toBe(503);
		expect((await ask('/photos', { headers: { accept: 'text/html' } })).status).toBe(303);
		expect(immich.take()).toEqual([]);
	});
});
