import { describe, expect, it } from 'vitest';
import { readListenOptions } from '../../../bin/listen-options.ts';
import { readEnv } from '#lib/server/platform/config/env.ts';
import { ownVariables } from '#lib/server/platform/config/own-variables.ts';

const address = 'tcp://10.96.13.7:2283';

/** What Kubernetes sets for a service in every pod of its namespace. */
const service = (name: string) => ({
	[`${name}_SERVICE_HOST`]: '10.96.13.7',
	[`${name}_SERVICE_PORT`]: '2283',
	[`${name}_SERVICE_PORT_HTTP`]: '2283',
	[`${name}_PORT`]: address,
	[`${name}_PORT_2283_TCP`]: address,
	[`${name}_PORT_2283_TCP_PROTO`]: 'tcp',
	[`${name}_PORT_2283_TCP_PORT`]: '2283',
	[`${name}_PORT_2283_TCP_ADDR`]: '10.96.13.7'
});

describe('variables of Kubernetes and Docker', () => {
	it.each(['IMMICH', 'IMMICH_AUTH', 'IMMICH_AUTH_METRICS', 'IMMICH_OAUTH', 'DB'])(
		'of the service %s are ignored',
		(name) => {
			const source = service(name);
			expect(readEnv(source)).toMatchObject({ metrics: null, database: undefined, oauth: {} });
			expect(readListenOptions(source)).toEqual({ host: undefined, port: 2283 });
			expect(ownVariables(source).ignored).toContain(`${name}_PORT`);
			expect(ownVariables(source).env).toEqual({});
		}
	);

	it('of a Docker link are ignored with its name and the variables of its container', () => {
		const link = {
			IMMICH_OAUTH_PORT: address,
			IMMICH_OAUTH_PORT_2283_TCP: address,
			IMMICH_OAUTH_PORT_2283_END_TCP: address,
			IMMICH_OAUTH_NAME: '/web/immich-oauth',
			IMMICH_OAUTH_ENV_CLIENT_ID: 'of the container'
		};
		expect(readEnv(link).oauth).toEqual({});
		expect(ownVariables(link)).toEqual({ env: {}, ignored: Object.keys(link) });
		expect(() => readEnv({ IMMICH_OAUTH_NAME: '/web/immich-oauth' })).toThrow(/^IMMICH_OAUTH_NAME: /);
	});

	it('do not hide a port that is set as well', () => {
		expect(readListenOptions({ IMMICH_PORT: address, PORT: '8080' }).port).toBe(8080);
		expect(readListenOptions({ PORT: 'udp://10.0.0.1:53' }).port).toBe(2283);
		expect(readEnv({ DB_HOSTNAME: 'db', DB_PORT: address }).database?.url).toContain('port=5432');
	});

	it('are distinguished from ours', () => {
		const ours = { IMMICH_PORT: '2284', IMMICH_AUTH_METRICS_PORT: '9464', IMMICH_OAUTH_CLIENT_ID: 'x' };
		expect(ownVariables(ours)).toEqual({ env: ours, ignored: [] });
	});
});

it.each(['[::1]', '::1', ' [::1] '])('IMMICH_HOST=%s is an IPv6 address', (host) => {
	expect(readListenOptions({ IMMICH_HOST: host }).host).toBe('::1');
});

describe('an invalid value', () => {
	it.each([
		['IMMICH_PORT', 'http'],
		['IMMICH_PORT', '65536'],
		['IMMICH_PORT', '-1'],
		['IMMICH_PORT', '1e3'],
		['PORT', '80.5']
	])('%s=%s stops the start with a line that names it', (name, value) => {
		expect(() => readListenOptions({ [name]: value })).toThrow(new RegExp(`^${name}: `));
	});

	it.each([
		['IMMICH_AUTH_METRICS_PORT', '0x10'],
		['IMMICH_AUTH_METRICS_PORT', '70000'],
		['IMMICH_ALLOW_SETUP', 'perhaps'],
		['IMMICH_LOG_LEVEL', 'loud'],
		['DATABASE_URL', 'mysql://localhost'],
		['DB_URL', 'localhost:5432'],
		['DB_PORT', 'five'],
		['DB_PORT', '0'],
		['DB_SSL_MODE', 'maybe'],
		['DB_PASSWORD_FILE', '/nonexistent/secret'],
		['IMMICH_AUTH_SETUP_CODE_FILE', '/nonexistent/secret']
	])('%s=%s stops the start with a line that names it', (name, value) => {
		expect(() => readEnv({ [name]: value })).toThrow(new RegExp(`^${name}: .+`));
	});
});
