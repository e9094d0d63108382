import { createSign, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { createPicture } from '#tests/support/pictures.ts';
import { anyIso, anyUuid } from '#tests/support/shapes.ts';

const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const api = useApi({
	env: {
		IMMICH_AUTH_LICENSE_PUBLIC_KEYS: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
		IMMICH_TRUSTED_PROXIES: '127.0.0.1,::1'
	}
});

const Id = z.object({ id: z.string() });
const Login = z.object({ accessToken: z.string(), userId: z.string() });
const Key = z.object({ id: z.string(), secret: z.string() });
const Reset = z.object({ password: z.string() });
const Session = z.object({ id: z.string(), token: z.string() });

/** Secrets used so far, none of which must appear in the log. */
const secrets = new Set<string>();
const secret = (text: string): string => {
	secrets.add(text);
	return text;
};

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const headers = { 'user-agent': firefox, 'x-forwarded-for': '203.0.113.7', 'x-correlation-id': 'told-by-the-client' };

async function call(method: string, path: string, token: string | null, body?: unknown) {
	const reply = await api.request(method, `/api${path}`, {
		headers,
		...(token !== null && { token }),
		...(body !== undefined && { body })
	});
	expect(reply.status, `${method} ${path}: ${reply.text}`).toBeLessThan(300);
	return reply.body;
}

const refused = async (method: string, path: string, token: string | null, body: unknown) =>
	expect(
		(await api.request(method, `/api${path}`, { headers, ...(token !== null && { token }), body })).status
	).toBeGreaterThanOrEqual(400);

async function signIn(email: string, password: string): Promise<string> {
	const { accessToken } = Login.parse(await call('POST', '/auth/login', null, { email, password }));
	return secret(accessToken);
}

describe('the audit log', () => {
	it('records everything in order, without secrets', async () => {
		const ada = { email: 'ada@example.test', password: secret('correct horse battery'), name: 'Ada' };
		await call('POST', '/auth/admin-sign-up', null, { ...ada, setupCode: api.setupCode });
		await refused('POST', '/auth/login', null, { email: ada.email, password: secret('a wrong guess') });
		await refused('POST', '/auth/login', null, { email: 'nobody@example.test', password: secret('another guess') });
		const token = await signIn(ada.email, ada.password);

		const given = secret('the first password of Bob');
		const bob = { email: 'bob@example.test', name: 'Bob', password: given, pinCode: secret('918273') };
		const { id } = Id.parse(await call('POST', '/admin/users', token, bob));
		await call('POST', '/admin/notifications', token, { userId: id, title: secret('Between the two of us') });
		await call('PUT', `/admin/users/${id}`, token, { name: 'Rob', quotaSizeInBytes: 1_000, isAdmin: true });
		await call('PUT', `/admin/users/${id}`, token, { name: 'Rob', isAdmin: false });
		await call('PUT', `/admin/users/${id}`, token, { name: 'Rob' });
		await call('PUT', `/admin/users/${id}`, token, { pinCode: secret('192837') });
		await call('PUT', `/admin/users/${id}`, token, { password: secret('set by an update'), pinCode: null });
		await call('PUT', `/admin/users/${id}/preferences`, token, { tags: { enabled: true } });
		await call('PUT', `/admin/users/${id}/preferences`, token, { tags: { enabled: true } });
		await call('POST', `/admin/users/${id}/force-password-change`, token);
		const { password: temporary } = Reset.parse(await call('POST', `/admin/users/${id}/reset-password`, token, {}));
		secret(temporary);

		const rob = await signIn(bob.email, temporary);
		await refused('POST', '/auth/change-password', rob, {
			password: secret('no idea at all'),
			newPassword: 'x'.repeat(12)
		});
		const own = secret('a password of my own');
		await call('POST', '/auth/change-password', rob, { password: temporary, newPassword: own });
		await call('PUT', '/users/me', rob, { name: 'Robert' });
		const another = secret('yet another password');
		await call('POST', '/auth/change-password', rob, { password: own, newPassword: another });
		await call('PUT', '/users/me/preferences', rob, { ratings: { enabled: true } });
		await call('POST', '/auth/pin-code', rob, { pinCode: secret('564738') });
		await refused('POST', '/auth/session/unlock', rob, { pinCode: secret('000111') });
		await call('POST', '/auth/session/unlock', rob, { pinCode: '564738' });
		await call('POST', '/auth/session/lock', rob);
		await call('POST', '/auth/session/lock', rob);
		await call('PUT', '/auth/pin-code', rob, { pinCode: '564738', newPinCode: secret('837465') });
		await call('DELETE', '/auth/pin-code', rob, { pinCode: '837465' });

		const child = Session.parse(await call('POST', '/sessions', rob, { duration: 60, deviceType: 'TV' }));
		secret(child.token);
		await call('DELETE', `/sessions/${child.id}`, rob);
		await signIn(bob.email, 'yet another password');
		await call('DELETE', '/sessions', rob);
		await call('DELETE', '/sessions', rob);
		const key = Key.parse(await call('POST', '/api-keys', rob, { name: 'CLI', permissions: ['user.read'] }));
		secret(key.secret);
		await call('PUT', `/api-keys/${key.id}`, rob, { name: 'Tool', permissions: ['user.read', 'apiKey.read'] });
		await call('PUT', `/api-keys/${key.id}`, rob, { name: 'Tool' });
		secret(Key.parse(await call('POST', `/api-keys/${key.id}/rotate`, rob)).secret);
		await call('DELETE', `/api-keys/${key.id}`, rob);

		const picture = new FormData();
		picture.set('file', new File([new Uint8Array(await createPicture('png'))], 'me.png'));
		const sent = await fetch(`${api.url}/api/users/profile-image`, {
			method: 'POST',
			body: picture,
			headers: { authorization: `Bearer ${rob}` }
		});
		expect(sent.status).toBe(201);
		await call('DELETE', '/users/profile-image', rob);
		const licenseKey = secret('IMCL-aB12-cD34-eF56-gH78-iJ90-kL12-mN34-oP56');
		const activationKey = secret(createSign('sha256').update(licenseKey).sign(privateKey, 'base64'));
		await call('PUT', '/users/me/license', rob, { licenseKey, activationKey });
		await call('DELETE', '/users/me/license', rob);
		await call('DELETE', '/users/me/license', rob);
		await call('POST', '/auth/logout', rob);

		await call('POST', '/system-metadata/admin-onboarding', token, { isOnboarded: true });
		await call('DELETE', `/admin/users/${id}`, token, {});
		await call('POST', `/admin/users/${id}/restore`, token);
		await call('POST', `/admin/users/${id}/restore`, token);
		await call('DELETE', `/admin/users/${id}`, token, { force: true });

		expect(await new AuditLog(api, token).story()).toEqual([
			'Ada: auth.signUp',
			'no actor: auth.signIn of Ada, refused: Wrong password',
			'no actor: auth.signIn, refused: Unknown email',
			'Ada: auth.signIn',
			'Ada: user.create of Bob',
			'Ada: notification.send of Bob',
			'Ada: user.update of Bob',
			'Ada: user.update of Rob',
			'Ada: user.setPin of Rob',
			'Ada: user.setPassword of Rob',
			'Ada: user.clearPin of Rob',
			'Ada: preferences.update of Rob',
			'Ada: user.requireChange of Rob',
			'Ada: user.resetPassword of Rob',
			'Rob: auth.signIn',
			'Rob: password.change, refused: Wrong password',
			'Rob: password.change',
			'Rob: profile.update',
			'Robert: password.change',
			'Robert: preferences.update',
			'Robert: pinCode.set',
			'Robert: session.unlock, refused: Wrong PIN',
			'Robert: session.unlock',
			'Robert: session.lock',
			'Robert: pinCode.change',
			'Robert: pinCode.reset',
			'Robert: session.create',
			'Robert: session.end',
			'Robert: auth.signIn',
			'Robert: session.endOthers',
			'Robert: apiKey.create',
			'Robert: apiKey.update',
			'Robert: apiKey.rotate',
			'Robert: apiKey.delete',
			'Robert: picture.set',
			'Robert: picture.remove',
			'Robert: license.set',
			'Robert: license.remove',
			'Robert: auth.signOut',
			'Ada: server.onboarding',
			'Ada: user.delete of Robert',
			'Ada: user.restore of Robert',
			'Ada: user.remove of Robert'
		]);
	});

	it('records address, client, correlation ID and previous values', async () => {
		const token = await signIn('ada@example.test', 'correct horse battery');
		const log = new AuditLog(api, token);
		const [updated] = await log.read('action=user.update');
		const [signedIn] = await log.read('action=auth.signIn&outcome=done');
		const { id: adaId } = Id.parse(await call('GET', '/users/me', token));
		const ada = { id: adaId, name: 'Ada', email: 'ada@example.test' };
		const where = {
			address: '203.0.113.7',
			client: 'Firefox on Linux',
			correlationId: 'told-by-the-client',
			batchId: null
		};
		expect(signedIn).toEqual({
			id: expect.any(Number) as number,
			at: anyIso,
			action: 'auth.signIn',
			outcome: 'done',
			reason: null,
			actor: ada,
			subject: ada,
			object: { kind: 'session', id: anyUuid, label: null },
			credential: null,
			changes: null,
			...where
		});
		expect(updated).toMatchObject({
			actor: ada,
			subject: { id: anyUuid, name: 'Bob', email: 'bob@example.test' },
			object: null,
			credential: { kind: 'session', id: signedIn?.object?.id },
			changes: {
				name: { from: 'Bob', to: 'Rob' },
				isAdmin: { from: false, to: true },
				quotaSizeInBytes: { from: null, to: 1_000 }
			},
			...where
		});
		const readChanges = async (action: string) => (await log.read(`action=${action}`)).map(({ changes }) => changes);
		expect(await readChanges('preferences.update')).toEqual([
			{ 'preferences.tags.enabled': { from: false, to: true } },
			{ 'preferences.ratings.enabled': { from: false, to: true } }
		]);
		expect(await readChanges('apiKey.update')).toEqual([
			{ name: { from: 'CLI', to: 'Tool' }, permissions: { from: ['user.read'], to: ['user.read', 'apiKey.read'] } }
		]);
		expect(await readChanges('session.endOthers')).toEqual([{ sessionsEnded: { from: null, to: 1 } }]);
		expect((await log.read('action=auth.signIn&outcome=refused'))[1]).toMatchObject({ actor: null, subject: null });
	});

	it('contains no used secrets and nothing typed for unknown users', async () => {
		const { rows } = await api.pool.query<{ text: string }>(
			'SELECT event::text AS text FROM immich_auth.audit_event AS event'
		);
		const text = rows.map((row) => row.text).join('\n');
		expect(secrets.size).toBeGreaterThan(15);
		for (const used of secrets) expect(text).not.toContain(used);
		expect(text).not.toContain('nobody@example.test');
		expect(text).not.toMatch(/\$2[aby]\$/);
	});

	it('records the API key used', async () => {
		const { user } = await api.accounts.signInAdmin({ name: 'Kim' });
		const apiKey = await api.accounts.makeApiKey(user.id);
		const { id } = await api.prisma.apiKey.findFirstOrThrow({ where: { userId: user.id } });
		const other = await api.accounts.makeUser();
		await api.request('POST', `/api/admin/users/${other.id}/force-password-change`, { apiKey });
		const { token } = await api.accounts.signInAdmin();
		const events = await new AuditLog(api, token).read(`user=${other.id}`);
		expect(events).toMatchObject([{ action: 'user.requireChange', credential: { kind: 'apiKey', id } }]);
	});
});
