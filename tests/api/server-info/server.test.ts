import { beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { booleanIssue, validationFailed } from '#tests/support/shapes.ts';

const api = useApi();
const config = {
	loginPageMessage: '',
	trashDays: 30,
	userDeleteDelay: 7,
	oauthButtonText: 'Login with OAuth',
	oauthAccountManagementUrl: '',
	isInitialized: false,
	isOnboarded: false,
	externalDomain: '',
	publicUsers: true,
	mapDarkStyleUrl: 'https://tiles.immich.cloud/v1/style/dark.json',
	mapLightStyleUrl: 'https://tiles.immich.cloud/v1/style/light.json',
	maintenanceMode: false,
	minFaces: 3
};

describe('public information', () => {
	beforeEach(() => api.reset());

	it.each([
		['/api/server/ping', { res: 'pong' }],
		['/api/server/version', { major: 3, minor: 2, patch: 2, prerelease: null }],
		[
			'/.well-known/immich',
			{
				api: { endpoint: '/api' },
				deviceAuthorization: { codeEndpoint: '/api/auth/device/code', tokenEndpoint: '/api/auth/device/token' }
			}
		],
		['/api/server/config', config]
	])('GET %s returns 200 without a credential', async (path, wanted) => {
		const reply = await api.request('GET', path);
		expect(reply.status).toBe(200);
		expect(reply.headers['content-type']).toMatch(/^application\/json/);
		expect(reply.body).toEqual(wanted);
	});

	it('GET /server/features returns 200 with every switch', async () => {
		const reply = await api.request('GET', '/api/server/features');
		expect(reply.status).toBe(200);
		expect(reply.body).toEqual({
			smartSearch: false,
			facialRecognition: false,
			duplicateDetection: false,
			map: true,
			reverseGeocoding: true,
			importFaces: false,
			sidecar: true,
			search: true,
			trash: true,
			oauth: false,
			oauthAutoLaunch: false,
			ocr: false,
			passwordLogin: true,
			configFile: false,
			email: false,
			realtimeTranscoding: false
		});
	});

	it('GET /server/media-types returns 200 with file extensions', async () => {
		const reply = await api.request('GET', '/api/server/media-types');
		const endings = expect.arrayContaining([expect.stringMatching(/^\.[a-z0-9]+$/)]) as unknown;
		expect([reply.status, reply.body]).toEqual([200, { image: endings, video: endings, sidecar: ['.xmp'] }]);
		expect(reply.text).toContain('".heic"');
	});

	it.each(['bad', ''])('ignores a bad credential: %j', async (token) => {
		for (const path of ['/api/server/ping', '/api/server/config'])
			expect((await api.request('GET', path, { token, apiKey: 'bad', cookie: 'immich_access_token=bad' })).status).toBe(
				200
			);
	});

	it('GET /server/config is initialized once there is an admin', async () => {
		await api.accounts.makeUser();
		expect((await api.request('GET', '/api/server/config')).body).toMatchObject({ isInitialized: false });
		await api.accounts.makeAdmin();
		expect((await api.request('GET', '/api/server/config')).body).toMatchObject({ isInitialized: true });
	});
});

describe('/system-metadata/admin-onboarding', () => {
	const path = '/api/system-metadata/admin-onboarding';
	beforeEach(() => api.reset());

	it('GET returns 200, POST 204 without a body, and the server config reflects it', async () => {
		const { token } = await api.accounts.signInAdmin();
		const before = await api.request('GET', path, { token });
		expect([before.status, before.body]).toEqual([200, { isOnboarded: false }]);
		const written = await api.request('POST', path, { token, body: { isOnboarded: true } });
		expect([written.status, written.text]).toEqual([204, '']);
		expect((await api.request('GET', path, { token })).body).toEqual({ isOnboarded: true });
		expect((await api.request('GET', '/api/server/config')).body).toMatchObject({ isOnboarded: true });
	});

	it.each([
		[{}, 'undefined'],
		[{ isOnboarded: 1 }, 'number']
	])('POST returns 400 for %j', async (body, received) => {
		const { token } = await api.accounts.signInAdmin();
		const reply = await api.request('POST', path, { token, body });
		expect([reply.status, reply.body]).toEqual([400, validationFailed(booleanIssue('isOnboarded', received))]);
	});
});

describe('HEAD', () => {
	it.each(['/api/server/ping', '/.well-known/immich'])('%s responds as GET does, without the body', async (path) => {
		const reply = await api.request('HEAD', path);
		expect([reply.status, reply.text]).toEqual([200, '']);
	});

	it('needs the same credential as GET', async () => {
		const { token } = await api.accounts.signIn();
		expect((await api.request('HEAD', '/api/users/me')).status).toBe(401);
		expect((await api.request('HEAD', '/api/users/me', { token })).status).toBe(200);
		expect((await api.request('HEAD', '/api/admin/users', { token })).status).toBe(403);
	});
});

describe('GET /server/about', () => {
	const about = { version: 'v3.2.2', versionUrl: expect.stringMatching(/^https:/) as unknown, licensed: false };

	it('returns 200 with versions for a user and for a key with that permission', async () => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id, ['server.about']);
		for (const credential of [{ token }, { apiKey }]) {
			const reply = await api.request('GET', '/api/server/about', credential);
			expect([reply.status, reply.body]).toEqual([
				200,
				{ ...about, nodejs: process.version, libvips: expect.stringMatching(/^\d+\.\d+/) as unknown }
			]);
		}
	});

	it('returns 200 with licensed set if the server has a product key', async () => {
		const { token } = await api.accounts.signIn();
		await api.prisma.systemMetadata.create({ data: { key: 'license', value: { licenseKey: 'x' } } });
		expect((await api.request('GET', '/api/server/about', { token })).body).toMatchObject({ licensed: true });
	});
});
