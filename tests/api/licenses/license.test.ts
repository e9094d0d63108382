import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { anyIso, message, stringIssue, validationFailed } from '#tests/support/shapes.ts';

const keys = [1, 2].map(() => generateKeyPairSync('rsa', { modulusLength: 2048 }));
const pem = keys.map(({ publicKey }) => publicKey.export({ type: 'spki', format: 'pem' }).toString()).join(',\n');
const path = '/api/users/me/license';
const licenseKey = 'IMCL-aB12-cD34-eF56-gH78-iJ90-kL12-mN34-oP56';
const sign = (text: string, index = 0) =>
	createSign('sha256')
		.update(text)
		.sign(keys[index]?.privateKey ?? '', 'base64');

describe('/users/me/license', () => {
	const api = useApi({ env: { IMMICH_AUTH_LICENSE_PUBLIC_KEYS: pem } });
	const put = (token: string, body: unknown) => api.request('PUT', path, { token, body });

	it('returns 404 without a key, 200 once one is set, and 204 then 404 after deletion', async () => {
		const { token } = await api.accounts.signIn();
		const missing = await api.request('GET', path, { token });
		expect([missing.status, missing.body]).toEqual([404, message('Not Found')]);
		const license = { licenseKey, activationKey: sign(licenseKey) };
		const set = await put(token, license);
		expect([set.status, set.body]).toEqual([200, { ...license, activatedAt: anyIso }]);
		expect((await api.request('GET', path, { token })).body).toEqual(set.body);
		expect((await api.request('GET', '/api/users/me', { token })).body).toMatchObject({ license: set.body });
		expect((await api.request('DELETE', path, { token })).status).toBe(204);
		expect((await api.request('DELETE', path, { token })).status).toBe(204);
		expect((await api.request('GET', path, { token })).status).toBe(404);
	});

	it('accepts a signature by any of the public keys, and both kinds of product keys', async () => {
		const { token } = await api.accounts.signIn();
		const server = licenseKey.replace('IMCL', 'IMSV');
		for (const [key, index] of [
			[licenseKey, 1],
			[server, 0]
		] as const)
			expect((await put(token, { licenseKey: key, activationKey: sign(key, index) })).status).toBe(200);
	});

	it('is separate for each user', async () => {
		const [one, another] = [await api.accounts.signIn(), await api.accounts.signIn()];
		await put(one.token, { licenseKey, activationKey: sign(licenseKey) });
		await api.request('DELETE', path, { token: another.token });
		expect((await api.request('GET', path, { token: another.token })).status).toBe(404);
		expect((await api.request('GET', path, { token: one.token })).status).toBe(200);
	});

	it.each([
		['of another key', sign(licenseKey.replace('aB12', 'aB13'))],
		['cut', sign(licenseKey).slice(0, 40)],
		['that is none', 'nonsense'],
		['of nothing', ''],
		['very long', 'A'.repeat(60_000)]
	])('returns 400 for a signature %s', async (_, activationKey) => {
		const { token } = await api.accounts.signIn();
		const reply = await put(token, { licenseKey, activationKey });
		expect([reply.status, reply.body]).toEqual([400, message('Invalid license key')]);
		expect((await api.request('GET', path, { token })).status).toBe(404);
	});

	it('returns 400 for wrong types', async () => {
		const { token } = await api.accounts.signIn();
		const empty = await put(token, {});
		expect([empty.status, empty.body]).toEqual([
			400,
			validationFailed(stringIssue('licenseKey'), stringIssue('activationKey'))
		]);
		for (const key of ['', 'IMXX-aB12-cD34-eF56-gH78-iJ90-kL12-mN34-oP56', `${licenseKey}-`, licenseKey.slice(1)]) {
			const reply = await put(token, { licenseKey: key, activationKey: sign(key) });
			expect(reply.body).toMatchObject({ errors: [{ code: 'invalid_format', path: ['licenseKey'] }] });
		}
	});
});

describe('PUT /users/me/license without public keys', () => {
	const api = useApi();

	it('returns 400 for every key', async () => {
		const { token } = await api.accounts.signIn();
		const reply = await api.request('PUT', path, { token, body: { licenseKey, activationKey: sign(licenseKey) } });
		expect([reply.status, reply.body]).toEqual([400, message('Invalid license key')]);
	});
});
