import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { hashSecret } from '#lib/server/platform/caller/access-tokens.ts';
import { useApi } from '#tests/support/api.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const unknown = '00000000-0000-4000-a000-000000000000';
const me = async (apiKey: string) => (await api.request('GET', '/api/users/me', { apiKey })).status;
const getPath = (userId: string, keyId = '') => `/api/admin/users/${userId}/api-keys${keyId && `/${keyId}`}`;

async function makeHolder(count = 2) {
	const { user, token } = await api.accounts.signIn();
	const secrets = await Promise.all(
		Array.from({ length: count }, () => api.accounts.makeApiKey(user.id, ['user.read']))
	);
	const getId = async (secret = '') =>
		(await api.prisma.apiKey.findFirstOrThrow({ where: { key: hashSecret(secret) } })).id;
	return { user, token, secrets, getId };
}

describe('GET /admin/users/{id}/api-keys', () => {
	it('returns 200 with the details of each key, without secrets', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { user, secrets } = await makeHolder();
		const reply = await api.request('GET', getPath(user.id), { token });
		expect(reply.status).toBe(200);
		const { keys, total } = z
			.object({ keys: z.array(z.record(z.string(), z.unknown())), total: z.int() })
			.parse(reply.body);
		expect(total).toBe(2);
		for (const key of keys) expect(key).toMatchObject({ permissions: ['user.read'], prefix: null, expiresAt: null });
		for (const secret of secrets) {
			expect(reply.text).not.toContain(secret);
			// JSON could contain a hash in any of these encodings.
			const hash = Buffer.from(hashSecret(secret));
			for (const spelled of [hash.toString('hex'), hash.toString('base64'), hash.toString('base64url'), hash.join()])
				expect(reply.text.toLowerCase()).not.toContain(spelled.toLowerCase());
		}
	});

	it('returns 400 for an unknown user and an invalid ID', async () => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('GET', getPath(unknown), { token });
		expect([reply.status, reply.body]).toEqual([400, message('User not found')]);
		expect((await api.request('GET', getPath('x'), { token })).status).toBe(400);
	});
});

describe("revoking a user's keys", () => {
	it('returns 204 for one key, which is rejected from the next request on', async () => {
		const { token } = await api.accounts.signInAdmin();
		const { user, secrets, getId } = await makeHolder();
		const [first = '', second = ''] = secrets;
		expect((await api.request('DELETE', getPath(user.id, await getId(first)), { token })).status).toBe(204);
		expect([await me(first), await me(second)]).toEqual([401, 200]);
	});

	it('returns 400 for a key of another user and keeps it', async () => {
		const { token, user: admin } = await api.accounts.signInAdmin();
		const { secrets, getId } = await makeHolder(1);
		const reply = await api.request('DELETE', getPath(admin.id, await getId(secrets[0])), { token });
		expect([reply.status, reply.body]).toEqual([400, message('API Key not found')]);
		expect(await me(secrets[0] ?? '')).toBe(200);
	});

	it('returns 204 for all keys of the user, and keeps those of others', async () => {
		const { token } = await api.accounts.signInAdmin();
		const [holder, other] = [await makeHolder(), await makeHolder(1)];
		expect((await api.request('DELETE', getPath(holder.user.id), { token })).status).toBe(204);
		expect(await Promise.all([...holder.secrets, ...other.secrets].map(me))).toEqual([401, 401, 200]);
		expect((await api.request('DELETE', getPath(unknown), { token })).status).toBe(400);
	});
});

describe('DELETE /admin/users/{id}/pin-code', () => {
	it('returns 204, removes the PIN and locks all sessions of the user', async () => {
		const { token } = await api.accounts.signInAdmin();
		const holder = await api.accounts.signIn({ pinCode: 'a hash' });
		const pinExpiresAt = new Date(Date.now() + 600_000);
		const unlocked = await api.accounts.makeSession(holder.user.id, { pinExpiresAt });
		expect((await api.request('DELETE', `/api/admin/users/${holder.user.id}/pin-code`, { token })).status).toBe(204);
		expect((await api.accounts.findUser(holder.user.id)).pinCode).toBeNull();
		const status = await api.request('GET', '/api/auth/status', { token: unlocked });
		expect(status.body).toMatchObject({ pinCode: false, isElevated: false });
		expect((await api.request('DELETE', `/api/admin/users/${unknown}/pin-code`, { token })).status).toBe(400);
	});
});
