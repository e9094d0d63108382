import { describe, expect, it } from 'vitest';
import { readOAuthEnv } from '#lib/server/platform/config/oauth-env.ts';

describe('readOAuthEnv', () => {
	it('reads text, switches, numbers and none', () => {
		expect(
			readOAuthEnv({
				IMMICH_OAUTH_ENABLED: 'true',
				IMMICH_OAUTH_CLIENT_ID: '123',
				IMMICH_OAUTH_TIMEOUT: '5000',
				IMMICH_OAUTH_DEFAULT_STORAGE_QUOTA: 'unlimited',
				IMMICH_LOG_LEVEL: 'log'
			})
		).toEqual({ enabled: true, clientId: '123', timeout: 5000, defaultStorageQuota: null });
		expect(readOAuthEnv({})).toEqual({});
	});

	it.each([
		[{ IMMICH_OAUTH_ISUER_URL: 'x' }, 'IMMICH_OAUTH_ISUER_URL: there is no such setting of OAuth'],
		[{ IMMICH_OAUTH_ISSUER_URL: 'nothing' }, 'IMMICH_OAUTH_ISSUER_URL: Issuer URL must be'],
		[{ IMMICH_OAUTH_ENABLED: 'maybe' }, 'IMMICH_OAUTH_ENABLED: '],
		[{ IMMICH_OAUTH_TIMEOUT: '0' }, 'IMMICH_OAUTH_TIMEOUT: '],
		[{ IMMICH_OAUTH_CLIENT_SECRET_FILE: '/no/such/file' }, 'IMMICH_OAUTH_CLIENT_SECRET_FILE: /no/such/file cannot be'],
		[
			{ IMMICH_OAUTH_CLIENT_SECRET: 'a', IMMICH_OAUTH_CLIENT_SECRET_FILE: '/etc/hostname' },
			'IMMICH_OAUTH_CLIENT_SECRET: is given twice'
		]
	])('refuses %j', (source, reason) => {
		expect(() => readOAuthEnv(source)).toThrow(reason);
	});
});
