import { afterEach, describe, expect, it } from 'vitest';
import { refusedText } from '#lib/contract/realtime/live-events.ts';
import { useApi } from '#tests/support/api.ts';
import { listen, listenAdmitted, type Listener } from '#tests/support/live.ts';

const api = useApi({ env: { IMMICH_TRUSTED_PROXIES: '' } });
const open: Listener[] = [];

afterEach(() => {
	for (const listener of open.splice(0)) listener.close();
});

const begin = (headers: Record<string, string>, given = {}) => {
	const listener = listen(api.url, headers, given);
	open.push(listener);
	return listener;
};

/** The result of a handshake: the first event, or the end. */
async function outcome(headers: Record<string, string>, given = {}): Promise<string> {
	const { next, names, of } = begin(headers, given);
	await next('on_server_version', 'disconnect', 'connect_error');
	return names()[0] === 'error' ? `refused: ${String(of('error')[0])}` : (names()[0] ?? 'nothing');
}

const refused = `refused: ${refusedText}`;
const welcome = 'on_server_version';

describe('a handshake', () => {
	it('with a cookie, bearer token, or another session header returns the version', async () => {
		const { token } = await api.accounts.signIn();
		for (const headers of [
			{ cookie: `immich_access_token=${token}` },
			{ authorization: `Bearer ${token}` },
			{ 'x-immich-user-token': token },
			{ 'x-immich-session-token': token }
		])
			expect(await outcome(headers)).toBe(welcome);
	});

	it('returns the same version as GET /server/version', async () => {
		const { token } = await api.accounts.signIn();
		const listener = await listenAdmitted(api.url, { authorization: `Bearer ${token}` });
		open.push(listener);
		expect(listener.of(welcome)).toEqual([(await api.request('GET', '/api/server/version')).body]);
	});

	it('with an API key requires all permissions', async () => {
		const { id } = await api.accounts.makeUser();
		expect(await outcome({ 'x-api-key': await api.accounts.makeApiKey(id) })).toBe(welcome);
		expect(await outcome({ 'x-api-key': await api.accounts.makeApiKey(id, ['user.read']) })).toBe(refused);
	});

	it.each<[string, Record<string, string>]>([
		['nothing', {}],
		['a wrong token', { authorization: 'Bearer nonsense' }],
		['a wrong key', { 'x-api-key': 'nonsense' }],
		['a key of a shared link', { 'x-immich-share-key': 'nonsense' }],
		['10,000 characters', { 'x-api-key': 'x'.repeat(10_000) }]
	])('with %s is refused and disconnected', async (_, headers) => {
		const listener = begin(headers);
		expect(await listener.next('disconnect')).toBe('io server disconnect');
		expect(listener.heard).toEqual([['error', refusedText]]);
	});

	it('ignores the query', async () => {
		const { token, user } = await api.accounts.signIn();
		expect(await outcome({}, { query: { sessionKey: token } })).toBe(refused);
		expect(await outcome({}, { query: { apiKey: await api.accounts.makeApiKey(user.id) } })).toBe(refused);
	});

	it('with a bad credential does not fall back to a good one', async () => {
		const { token } = await api.accounts.signIn();
		const cookie = `immich_access_token=${token}`;
		expect(await outcome({ authorization: 'Bearer nonsense', cookie })).toBe(refused);
	});

	it('is refused if the user must change the password or is deleted, or the session has ended', async () => {
		const due = await api.accounts.signIn({ shouldChangePassword: true });
		expect(await outcome({ authorization: `Bearer ${due.token}` })).toBe(refused);
		const gone = await api.accounts.signIn();
		await api.prisma.user.update({ where: { id: gone.user.id }, data: { deletedAt: new Date() } });
		const ended = await api.accounts.signIn();
		await api.prisma.session.deleteMany({ where: { userId: ended.user.id } });
		await api.request('GET', '/api/server/ping');
		expect(await outcome({ authorization: `Bearer ${gone.token}` })).toBe(refused);
		expect(await outcome({ authorization: `Bearer ${ended.token}` })).toBe(refused);
	});

	it('with the cookie is refused from another site, but not from our own; with a token it is accepted', async () => {
		const { token } = await api.accounts.signIn();
		const cookie = `immich_access_token=${token}`;
		expect(await outcome({ cookie, origin: 'https://evil.example' })).toBe(refused);
		expect(await outcome({ cookie, origin: 'null' })).toBe(refused);
		expect(await outcome({ cookie, origin: api.url })).toBe(welcome);
		expect(await outcome({ cookie, origin: 'null', 'sec-fetch-site': 'same-origin' })).toBe(welcome);
		expect(await outcome({ cookie, 'sec-fetch-site': 'cross-site' })).toBe(refused);
		expect(await outcome({ authorization: `Bearer ${token}`, origin: 'https://evil.example' })).toBe(welcome);
		// Only the launcher sets these headers; a client's are ignored.
		expect(
			await outcome({
				cookie,
				origin: 'https://evil.example',
				'x-immich-auth-host': 'evil.example',
				'x-immich-auth-protocol': 'https'
			})
		).toBe(refused);
	});
});

describe('behind a trusted proxy', () => {
	const proxied = useApi({ env: { IMMICH_TRUSTED_PROXIES: '127.0.0.0/8, ::1' } });
	const outcomeAt = async (protocol: string, host: string, origin: string) => {
		const { token } = await proxied.accounts.signIn();
		const headers = { 'x-forwarded-proto': protocol, 'x-forwarded-host': host, origin };
		const listener = listen(proxied.url, { ...headers, cookie: `immich_access_token=${token}` });
		open.push(listener);
		await listener.next('on_server_version', 'disconnect');
		return listener.names()[0];
	};

	it.each([
		['wss', 'photos.example.test', 'https://photos.example.test'],
		['https', 'Photos.Example.Test', 'https://photos.example.test'],
		['https', 'photos.example.test:443', 'https://photos.example.test'],
		['ws', 'nas:80', 'http://nas'],
		['http', '[0:0:0:0:0:0:0:1]:8080', 'http://[::1]:8080']
	])('accepts the cookie: %s of %s, from %s', async (protocol, host, origin) => {
		expect(await outcomeAt(protocol, host, origin)).toBe(welcome);
	});

	it.each([
		['ws', 'photos.example.test', 'https://photos.example.test'],
		['wss', 'photos.example.test', 'https://photos.example.test:8443'],
		['wss', 'photos.example.test', 'https://evil.test']
	])('refuses the cookie: %s of %s, from %s', async (protocol, host, origin) => {
		expect(await outcomeAt(protocol, host, origin)).toBe('error');
	});
});

describe('the connection', () => {
	it('is websocket only', async () => {
		const reply = await api.request('GET', '/api/socket.io/?EIO=4&transport=polling');
		expect(reply.status).toBe(400);
	});

	it('survives anything a client sends', async () => {
		const { token } = await api.accounts.signIn();
		const listener = await listenAdmitted(api.url, { authorization: `Bearer ${token}` });
		open.push(listener);
		listener.socket.emit('error', 'boom');
		listener.socket.emit('console_change', ['userList']);
		expect((await api.request('GET', '/api/server/ping')).status).toBe(200);
		expect(listener.socket.connected).toBe(true);
		const ended = listener.next('disconnect');
		listener.socket.emit('message', 'x'.repeat(100_000));
		await ended;
		expect((await api.request('GET', '/api/server/ping')).status).toBe(200);
	});

	it('is refused at another path', async () => {
		const listener = begin({}, { path: '/api/other', timeout: 3_000 });
		await listener.next('connect_error');
		expect(listener.socket.connected).toBe(false);
	});
});
