import { afterEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { listenAdmitted, type Listener } from '#tests/support/live.ts';

const api = useApi();
const open: Listener[] = [];

afterEach(() => {
	for (const listener of open.splice(0)) listener.close();
});

async function hear(headers: Record<string, string>, given = {}): Promise<Listener> {
	const listener = await listenAdmitted(api.url, headers, given);
	open.push(listener);
	return listener;
}
const bearer = (token: string) => ({ authorization: `Bearer ${token}` });
const asConsole = { auth: { client: 'console' } };
const waitForEnd = ({ next }: Listener) => next('disconnect');
const getId = async (userId: string) => (await api.prisma.session.findFirstOrThrow({ where: { userId } })).id;

describe('an ended session', () => {
	it('is notified and disconnected, and no other session is', async () => {
		const ended = await api.accounts.signIn();
		const other = await api.accounts.signIn();
		const id = await getId(ended.user.id);
		const [one, two, elsewhere] = [
			await hear(bearer(ended.token)),
			await hear(bearer(ended.token)),
			await hear(bearer(other.token))
		];
		const ends = [waitForEnd(one), waitForEnd(two)];
		const startedAt = performance.now();
		expect((await api.request('POST', '/api/auth/logout', { token: ended.token })).status).toBe(200);
		for (const end of ends) expect(await end).toBe('io server disconnect');
		expect(performance.now() - startedAt).toBeGreaterThan(490);
		for (const { heard } of [one, two]) expect(heard.slice(1)).toEqual([['on_session_delete', id]]);
		expect(elsewhere.socket.connected).toBe(true);
		expect(elsewhere.names()).toEqual(['on_server_version']);
	});

	it('is notified if only the database ended it', async () => {
		const { token, user } = await api.accounts.signIn();
		const id = await getId(user.id);
		const listener = await hear(bearer(token));
		const end = waitForEnd(listener);
		await api.prisma.session.delete({ where: { id } });
		await end;
		expect(listener.of('on_session_delete')).toEqual([id]);
	});
});

describe('a session whose user must change the password', () => {
	it('is refused like a new connection, without a session-ended event', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		const { token, user } = await api.accounts.signIn();
		const listener = await hear(bearer(token));
		const end = waitForEnd(listener);
		await api.request('POST', `/api/admin/users/${user.id}/force-password-change`, { token: admin });
		expect(await end).toBe('io server disconnect');
		expect(listener.heard.slice(1)).toEqual([['error', 'unauthorized']]);
	});
});

describe('an API key', () => {
	it('that is deleted or loses a permission is disconnected', async () => {
		const { token, user } = await api.accounts.signIn();
		const [gone, cut] = [await api.accounts.makeApiKey(user.id), await api.accounts.makeApiKey(user.id)];
		const listeners = [await hear({ 'x-api-key': gone }), await hear({ 'x-api-key': cut })];
		const [first, second] = listeners.map(waitForEnd);
		const keys = await api.prisma.apiKey.findMany({ where: { userId: user.id }, orderBy: { createdAt: 'asc' } });
		await api.request('DELETE', `/api/api-keys/${keys[0]?.id ?? ''}`, { token });
		await first;
		expect(listeners[1]?.socket.connected).toBe(true);
		const body = { permissions: ['user.read'] };
		expect((await api.request('PUT', `/api/api-keys/${keys[1]?.id ?? ''}`, { token, body })).status).toBe(200);
		await second;
		expect(listeners.flatMap((listener) => listener.of('on_session_delete'))).toEqual([]);
	});

	it('that has expired is disconnected', async () => {
		const { user } = await api.accounts.signIn();
		const end = waitForEnd(await hear({ 'x-api-key': await api.accounts.makeApiKey(user.id) }));
		const { id: keyId } = await api.prisma.apiKey.findFirstOrThrow({ where: { userId: user.id } });
		const state = { expiresAt: new Date(Date.now() - 1_000) };
		await api.prisma.apiKeyState.upsert({ where: { keyId }, create: { keyId, ...state }, update: state });
		// This change makes the server check the user's connections again.
		await api.prisma.user.update({ where: { id: user.id }, data: { name: 'Changed' } });
		await end;
	});
});

describe('a deleted user', () => {
	it('is announced to everyone, and the user’s own connections end', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		const { token, user } = await api.accounts.signIn();
		const [own, other] = [await hear(bearer(token)), await hear(bearer(admin))];
		const end = waitForEnd(own);
		expect((await api.request('DELETE', `/api/admin/users/${user.id}`, { token: admin, body: {} })).status).toBe(200);
		await end;
		await expect.poll(() => other.of('on_user_delete')).toEqual([user.id]);
		expect(own.of('on_user_delete')).toEqual([user.id]);
	});

	it('is disconnected even if another program leaves their sessions and keys', async () => {
		const { token, user } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id);
		const ends = [waitForEnd(await hear(bearer(token))), waitForEnd(await hear({ 'x-api-key': apiKey }))];
		await api.prisma.user.update({ where: { id: user.id }, data: { deletedAt: new Date(), status: 'deleted' } });
		await Promise.all(ends);
		expect(await api.prisma.session.count({ where: { userId: user.id } })).toBe(1);
	});
});

describe('the console', () => {
	it('gets changes: admins of everyone, users of themselves, other clients none', async () => {
		const admin = await api.accounts.signInAdmin();
		const person = await api.accounts.signIn();
		const [seeing, own, app] = [
			await hear(bearer(admin.token), asConsole),
			await hear(bearer(person.token), asConsole),
			await hear(bearer(admin.token))
		];
		const body = { name: 'Changed' };
		await api.request('PUT', `/api/admin/users/${person.user.id}`, { token: admin.token, body });
		const topic = `user:${person.user.id}`;
		await expect.poll(() => seeing.of('console_change').flat()).toEqual(expect.arrayContaining(['userList', topic]));
		await expect.poll(() => own.of('console_change').flat()).toEqual([topic]);
		expect(app.names()).toEqual(['on_server_version']);
	});

	it('gets many changes as one event', async () => {
		const admin = await api.accounts.signInAdmin();
		for (let count = 0; count < 120; count++) await api.accounts.makeUser();
		const seeing = await hear(bearer(admin.token), asConsole);
		await api.prisma.user.updateMany({ where: { isAdmin: false }, data: { quotaSizeInBytes: 1_000_000n } });
		await expect.poll(() => seeing.of('console_change').flat()).toEqual(expect.arrayContaining(['userList', 'users']));
		expect(seeing.of('console_change').length).toBeLessThan(4);
	});

	it('gets how long its session is elevated, whenever that changes', async () => {
		const { token, user } = await api.accounts.signIn();
		const own = await hear(bearer(token), asConsole);
		await expect.poll(() => own.of('console_elevation')).toEqual([0]);
		const setExpiry = (pinExpiresAt: Date | null) =>
			api.prisma.session.updateMany({ where: { userId: user.id }, data: { pinExpiresAt } });
		await setExpiry(new Date(Date.now() + 600_000));
		await expect.poll(() => own.of('console_elevation').at(-1)).toBeGreaterThan(500_000);
		await setExpiry(null);
		await expect.poll(() => own.of('console_elevation').at(-1)).toBe(0);
	});

	it('stops sending other users’ changes to an admin who is demoted', async () => {
		const { token, user } = await api.accounts.signInAdmin();
		const seeing = await hear(bearer(token), asConsole);
		await api.prisma.user.update({ where: { id: user.id }, data: { isAdmin: false } });
		await expect.poll(() => seeing.of('console_change').flat()).toContain(`user:${user.id}`);
		await api.request('GET', '/api/server/ping');
		const before = seeing.heard.length;
		const other = await api.accounts.signInAdmin();
		const also = await hear(bearer(other.token), asConsole);
		await api.accounts.makeUser();
		await expect.poll(() => also.of('console_change').flat()).toContain('userList');
		expect(
			seeing.heard
				.slice(before)
				.filter(([name]) => name === 'console_change')
				.flat(2)
		).not.toContain('userList');
	});
});

describe('a notification', () => {
	it('is sent to its user immediately, unless an admin wrote it', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		const { token, user } = await api.accounts.signIn();
		const [own, other] = [await hear(bearer(token)), await hear(bearer(admin))];
		const path = `/api/admin/users/${user.id}/pin-code`;
		await api.request('POST', '/api/auth/pin-code', { token, body: { pinCode: '271828' } });
		expect((await api.request('DELETE', path, { token: admin })).status).toBe(204);
		await expect.poll(() => own.of('on_notification').length).toBe(2);
		const listed = await api.request('GET', '/api/notifications', { token });
		expect(own.of('on_notification').toReversed()).toEqual(listed.body);
		const body = { userId: user.id, title: 'By hand' };
		expect((await api.request('POST', '/api/admin/notifications', { token: admin, body })).status).toBe(201);
		await api.request('POST', '/api/nothing');
		expect(own.of('on_notification').length).toBe(2);
		expect(other.of('on_notification')).toEqual([]);
	});
});

describe('maintenance', () => {
	it('is sent as a topic to every page of the console when announced', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		const { token } = await api.accounts.signIn();
		const seeing = await hear(bearer(token), asConsole);
		const path = '/api/admin/maintenance/plan';
		await api.request('PUT', path, { token: admin, body: { startsInMinutes: 30 } });
		await expect.poll(() => seeing.of('console_change')).toEqual([['maintenance']]);
		await api.request('DELETE', path, { token: admin });
		await expect.poll(() => seeing.of('console_change').length).toBe(2);
	});

	it('is announced before every connection is closed; then anyone can listen to its status', async () => {
		const { token } = await api.accounts.signInAdmin();
		const listener = await hear(bearer(token), { reconnection: true, reconnectionDelay: 100 });
		const cut = waitForEnd(listener);
		const begun = await api.request('POST', '/api/admin/maintenance', { token, body: { action: 'start' } });
		expect(await cut).toBe('transport close');
		expect(listener.of('AppRestartV1')).toEqual([{ isMaintenanceMode: true }]);
		await expect
			.poll(() => listener.of('MaintenanceStatusV1'), { timeout: 5_000 })
			.toEqual([{ active: true, action: 'start' }]);
		const cutAgain = waitForEnd(listener);
		const cookie = begun.cookies[0]?.split(';')[0] ?? '';
		await api.request('POST', '/api/admin/maintenance', { cookie, body: { action: 'end' } });
		await cutAgain;
		expect(listener.of('AppRestartV1')).toEqual([{ isMaintenanceMode: true }, { isMaintenanceMode: false }]);
		await expect.poll(() => listener.of('on_server_version').length, { timeout: 5_000 }).toBe(2);
	});
});

describe('a newer version', () => {
	const found = (releaseVersion: string) => {
		const value = { checkedAt: '2026-11-22T10:00:00.000Z', releaseVersion };
		const key = 'version-check-state';
		return api.prisma.systemMetadata.upsert({ where: { key }, create: { key, value }, update: { value } });
	};

	it('is sent to everyone, also on later connections, and only if the version check is on', async () => {
		const { token: admin } = await api.accounts.signInAdmin();
		const { token } = await api.accounts.signIn();
		const listener = await hear(bearer(token));
		await found('v3.9.0');
		const { body } = await api.request('GET', '/api/system-config', { token: admin });
		const config = { ...(body as object), newVersionCheck: { enabled: true, channel: 'stable' } };
		const updated = listener.next('on_config_update');
		expect((await api.request('PUT', '/api/system-config', { token: admin, body: config })).status).toBe(200);
		await updated;
		expect(listener.of('on_new_release')).toEqual([]);

		const told = listener.next('on_new_release');
		await found('v3.10.0');
		const release = { isAvailable: true, releaseVersion: { major: 3, minor: 10 }, type: 'minor' };
		expect(await told).toMatchObject(release);
		const later = await hear(bearer(token));
		await expect.poll(() => later.of('on_new_release')).toMatchObject([release]);
	});
});
