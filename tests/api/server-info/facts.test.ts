import { createSign, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest';
import pg from 'pg';
import { useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { buildPhoto } from '#tests/support/photos.ts';
import { anyIso, anyNumber, anyUuid, message } from '#tests/support/shapes.ts';

const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = keys.publicKey.export({ type: 'spki', format: 'pem' }).toString();
const api = useApi({ env: { IMMICH_AUTH_LICENSE_PUBLIC_KEYS: pem } });
const none = { photos: 0, videos: 0, usage: 0, usagePhotos: 0, usageVideos: 0 };
let token = '';
let adminId = '';

beforeEach(async () => {
	const admin = await api.accounts.signInAdmin({ name: 'Ada' });
	({ token } = admin);
	adminId = admin.user.id;
});

afterEach(() => api.reset());

const get = (path: string) => api.request('GET', path, { token });

describe('GET /server/statistics', () => {
	it('counts every user’s assets and lists all users, also deleted ones, by creation time', async () => {
		const bob = await api.accounts.makeUser({ name: 'Bob', quotaSizeInBytes: 9_000n, quotaUsageInBytes: 5_000n });
		const gone = await api.accounts.makeUser({ name: 'Gone', deletedAt: new Date(), status: 'deleted' });
		for (const fields of [
			{},
			{ visibility: 'archive' as const },
			{ type: 'VIDEO' },
			{ type: 'VIDEO', visibility: 'hidden' as const },
			{ deletedAt: new Date() }
		])
			await api.prisma.asset.create({ data: buildPhoto(bob.id, fields) });
		const { status, body } = await get('/api/server/statistics');
		expect([status, body]).toEqual([
			200,
			{
				...none,
				photos: 2,
				videos: 1,
				usageByUser: [
					{ userId: adminId, userName: 'Ada', ...none, quotaSizeInBytes: null },
					{ userId: bob.id, userName: 'Bob', ...none, photos: 2, videos: 1, quotaSizeInBytes: 9_000 },
					{ userId: gone.id, userName: 'Gone', ...none, quotaSizeInBytes: null }
				]
			}
		]);
	});

	it('sums up the sizes of files', async () => {
		for (const [type, size] of [
			['IMAGE', 300],
			['VIDEO', 5_000_000_000]
		] as const) {
			const { id } = await api.prisma.asset.create({ data: buildPhoto(adminId, { type }) });
			await api.prisma.assetExif.create({ data: { assetId: id, fileSizeInByte: size } });
		}
		const sums = { photos: 1, videos: 1, usage: 5_000_000_300, usagePhotos: 300, usageVideos: 5_000_000_000 };
		expect((await get('/api/server/statistics')).body).toMatchObject({ ...sums, usageByUser: [sums] });
	});
});

describe('server information', () => {
	it('GET /server/storage returns the disk’s usage in bytes and as text', async () => {
		const { user } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id, ['server.storage']);
		const { status, body } = await api.request('GET', '/api/server/storage', { apiKey });
		const words: unknown = expect.stringMatching(/^\d+(\.\d)? ([KMGTP]i)?B$/);
		expect([status, body]).toEqual([
			200,
			{
				diskSize: words,
				diskUse: words,
				diskAvailable: words,
				diskSizeRaw: anyNumber,
				diskUseRaw: anyNumber,
				diskAvailableRaw: anyNumber,
				diskUsagePercentage: anyNumber
			}
		]);
	});

	it('GET /server/version-history returns each version once to anyone', async () => {
		await api.pool.query(`INSERT INTO immich_auth.version_history ("version", "createdAt")
			VALUES ('3.2.2', now()), ('3.1.0', now() - interval '1 day')`);
		const { status, body } = await api.request('GET', '/api/server/version-history');
		expect([status, body]).toEqual([
			200,
			[
				{ id: anyUuid, createdAt: anyIso, version: '3.2.2' },
				{ id: anyUuid, createdAt: anyIso, version: '3.1.0' }
			]
		]);
	});

	it('GET /server/apk-links returns the addresses of Immich’s app', async () => {
		const { status, body } = await get('/api/server/apk-links');
		const at = 'https://github.com/immich-app/immich/releases/download/v3.2.2/app';
		expect([status, body]).toEqual([
			200,
			{
				arm64v8a: `${at}-arm64-v8a-release.apk`,
				armeabiv7a: `${at}-armeabi-v7a-release.apk`,
				universal: `${at}-release.apk`,
				x86_64: `${at}-x86_64-release.apk`
			}
		]);
	});

	it('GET /server/version-check and its state return nothing yet', async () => {
		for (const path of ['/api/server/version-check', '/api/system-metadata/version-check-state'])
			expect((await get(path)).body).toEqual({ checkedAt: null, releaseVersion: null });
	});

	it('GET /system-metadata/reverse-geocoding-state returns what Immich recorded', async () => {
		const path = '/api/system-metadata/reverse-geocoding-state';
		expect((await get(path)).body).toEqual({ lastUpdate: null, lastImportFileName: null });
		const value = { lastUpdate: '2026-01-01T00:00:00.000Z', lastImportFileName: 'cities500.txt' };
		await api.prisma.systemMetadata.create({ data: { key: 'reverse-geocoding-state', value } });
		expect((await get(path)).body).toEqual(value);
	});
});

describe('/server/license', () => {
	const path = '/api/server/license';
	const licenseKey = 'IMSV-aB12-cD34-eF56-gH78-iJ90-kL12-mN34-oP56';
	const sign = (text: string) => createSign('sha256').update(text).sign(keys.privateKey, 'base64');
	const put = (body: unknown) => api.request('PUT', path, { token, body });

	it('can be missing, set, read, and deleted', async () => {
		const missing = await get(path);
		expect([missing.status, missing.body]).toEqual([404, message('Not Found')]);
		const license = { licenseKey, activationKey: sign(licenseKey) };
		const set = await put(license);
		expect([set.status, set.body]).toEqual([200, { ...license, activatedAt: anyIso }]);
		expect((await get(path)).body).toEqual(set.body);
		expect((await get('/api/server/about')).body).toMatchObject({ licensed: true });
		for (const _ of [1, 2]) expect((await api.request('DELETE', path, { token })).status).toBe(204);
		expect((await get(path)).status).toBe(404);
		expect(await new AuditLog(api, token).read()).toMatchObject([
			{ action: 'license.set', subject: null },
			{ action: 'license.remove', subject: null }
		]);
	});

	it.each([
		['a key for one person', licenseKey.replace('IMSV', 'IMCL')],
		['a signature of another', licenseKey]
	])('returns 400 for %s', async (_, key) => {
		const isSigned = key !== licenseKey;
		const reply = await put({ licenseKey: key, activationKey: sign(isSigned ? key : 'another') });
		expect([reply.status, reply.body]).toEqual([400, message('Invalid license key')]);
	});

	it.each([{ licenseKey: 5 }, { licenseKey: 'IMSV-1', activationKey: 'x' }, {}])('returns 400 for %j', async (body) => {
		expect((await put(body)).body).toMatchObject({ message: 'Validation failed' });
	});
});

describe('health', () => {
	it('is available to anyone, also during maintenance', async () => {
		await api.request('POST', '/api/admin/maintenance', { token, body: { action: 'start' } });
		for (const [path, status] of [
			['/healthz', 'alive'],
			['/readyz', 'ready']
		] as const) {
			const reply = await api.request('GET', path);
			expect([reply.status, reply.body]).toEqual([200, { status }]);
		}
	});

	it('returns 503 while the database is down and 200 once it is back', { timeout: 60_000 }, async () => {
		const name = new URL(api.databaseUrl).pathname.slice(1);
		const outside = new pg.Client(inject('postgres'));
		await outside.connect();
		const readiness = async () => (await api.request('GET', '/readyz')).status;
		try {
			await outside.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
			await outside.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
			await expect.poll(readiness, { timeout: 10_000 }).toBe(503);
			const reply = await api.request('GET', '/readyz');
			expect([reply.body, reply.headers['retry-after']]).toEqual([message('The database is unavailable'), '5']);
			expect((await api.request('GET', '/healthz')).status).toBe(200);
		} finally {
			await outside.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
			await outside.end();
		}
		await expect.poll(readiness, { timeout: 10_000 }).toBe(200);
	});
});
