import { once } from 'node:events';
import http from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { unknownId } from '#tests/support/operations.ts';

const api = useApi();

interface Begun {
	/** Sends the body; returns the response. */
	finish(): Promise<{ status: number; location: string | undefined; text: string }>;
}

/** Sends a request without its body and waits until the auth hook has admitted it. */
async function begin(path: string, body: string, headers: Record<string, string>): Promise<Begun> {
	const { hostname, port, host } = new URL(api.url);
	const request = http.request({
		hostname,
		port,
		path,
		method: 'POST',
		headers: { host, 'content-length': Buffer.byteLength(body), expect: '100-continue', ...headers }
	});
	request.flushHeaders();
	await once(request, 'continue');
	return {
		async finish() {
			request.end(body);
			const [response] = (await once(request, 'response')) as [http.IncomingMessage];
			const { statusCode = 0, headers: received } = response;
			return { status: statusCode, location: received.location, text: await text(response) };
		}
	};
}

const json = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' });
const buildForm = (token: string) => ({
	cookie: buildCookie(token),
	origin: api.url,
	accept: 'text/html',
	'content-type': 'application/x-www-form-urlencoded'
});
const key = JSON.stringify({ name: 'thief', permissions: ['all'] });

describe('a request whose body arrives late, when in the meantime', () => {
	it('its session ended: returns 401 and creates no API key', async () => {
		const { user, token } = await api.accounts.signIn();
		const own = await api.accounts.makeSession(user.id);
		expect((await api.request('GET', '/api/users/me', { token })).status).toBe(200);
		const begun = await begin('/api/api-keys', key, json(token));
		expect((await api.request('DELETE', '/api/sessions', { token: own })).status).toBe(204);
		const { status, text: answer } = await begun.finish();
		expect([status, JSON.parse(answer)]).toEqual([401, { message: 'Invalid user token' }]);
		expect(await api.prisma.apiKey.count({ where: { userId: user.id } })).toBe(0);
	});

	it('its API key lost a permission: returns 403', async () => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id, ['all']);
		const { id } = await api.prisma.apiKey.findFirstOrThrow({ where: { userId: user.id } });
		const begun = await begin('/api/api-keys', key, { 'x-api-key': apiKey, 'content-type': 'application/json' });
		const body = { permissions: ['user.read'] };
		expect((await api.request('PUT', `/api/api-keys/${id}`, { token, body })).status).toBe(200);
		expect((await begun.finish()).status).toBe(403);
	});

	it('its admin was demoted: returns 403 and creates no user', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const other = await api.accounts.signInAdmin();
		const body = JSON.stringify({ email: 'crony@example.test', name: 'C', password: 'a password', isAdmin: true });
		const begun = await begin('/api/admin/users', body, json(token));
		const demoted = await api.request('PUT', `/api/admin/users/${user.id}`, {
			token: other.token,
			body: { isAdmin: false }
		});
		expect(demoted.status).toBe(200);
		expect((await begun.finish()).status).toBe(403);
		expect(await api.prisma.user.count({ where: { email: 'crony@example.test' } })).toBe(0);
	});

	it('its admin was demoted, with a form: does not show the page’s data', async () => {
		const { user, token } = await api.accounts.signInAdmin();
		const other = await api.accounts.signInAdmin({ name: 'Olga Unseen' });
		const headers = buildForm(token);
		const begun = await begin(`/admin/users/${other.user.id}?/endSession`, `session=${unknownId}`, headers);
		await api.request('PUT', `/api/admin/users/${user.id}`, { token: other.token, body: { isAdmin: false } });
		const { status, text: answer } = await begun.finish();
		expect(status).toBe(403);
		expect(answer).not.toContain('Olga Unseen');
	});

	it('its session ended, with a form: redirects to the sign-in page', async () => {
		const { user, token } = await api.accounts.signIn();
		const headers = buildForm(token);
		const begun = await begin('/account/profile?/save', 'name=Mallory&email=m%40example.test&avatarColor=red', headers);
		const own = await api.accounts.makeSession(user.id);
		expect((await api.request('DELETE', '/api/sessions', { token: own })).status).toBe(204);
		expect(await begun.finish()).toMatchObject({ status: 303, location: '/auth/login?continue=%2Faccount%2Fprofile' });
		expect(await api.accounts.findUser(user.id)).toMatchObject({ name: user.name });
	});
});
