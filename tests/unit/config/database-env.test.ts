import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, it } from 'vitest';
import { readEnv } from '#lib/server/platform/config/env.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'immich-auth-env-'));
afterAll(() => rmSync(folder, { recursive: true }));

function secret(content: string): string {
	const file = path.join(folder, String(Math.random()));
	writeFileSync(file, content);
	return file;
}

/** Where a connection would go. */
function target(source: Record<string, string>) {
	const { host, port, user, password, database } = new pg.Client({ connectionString: readEnv(source).database?.url });
	return { host, port, user, password, database };
}

const defaults = { host: 'database', port: 5432, user: 'postgres', password: 'postgres', database: 'immich' };

describe('Immich’s database variables', () => {
	it('select the embedded database if none is set', () => {
		expect(readEnv({}).database).toBeUndefined();
		expect(readEnv({ DB_HOSTNAME: '', DB_URL: '' }).database).toBeUndefined();
	});

	it.each([
		[{ DB_HOSTNAME: 'pg' }, { host: 'pg' }],
		[{ DB_PASSWORD: 'p@ss/wo:rd %41' }, { password: 'p@ss/wo:rd %41' }],
		[
			{ DB_USERNAME: 'im:mich', DB_DATABASE_NAME: 'my photos' },
			{ user: 'im:mich', database: 'my photos' }
		],
		[
			{ DB_HOSTNAME: 'pg', DB_PORT: '6432' },
			{ host: 'pg', port: 6432 }
		],
		[{ DB_HOSTNAME: '/run/postgresql' }, { host: '/run/postgresql' }],
		[{ DB_HOSTNAME: 'fd00::5' }, { host: 'fd00::5' }],
		[{ DB_HOSTNAME: '[fd00::5]' }, { host: 'fd00::5' }]
	])('%j, with Immich’s defaults for the rest', (source, wanted) => {
		expect(target(source as Record<string, string>)).toEqual({ ...defaults, ...wanted });
	});

	it('prefer DB_URL to its parts, and DATABASE_URL to both', () => {
		const url = (host: string) => `postgresql://u:p@${host}:5433/d`;
		expect(target({ DB_URL: url('two'), DB_HOSTNAME: 'three' }).host).toBe('two');
		expect(target({ DATABASE_URL: url('one'), DB_URL: url('two'), DB_HOSTNAME: 'three' }).host).toBe('one');
		expect(readEnv({ DB_URL: url('two') }).database?.variable).toBe('DB_URL');
	});

	it('with _FILE name a file, without its last line break', () => {
		const files = {
			DB_HOSTNAME_FILE: secret('pg\n'),
			DB_USERNAME_FILE: secret('immich\r\n'),
			DB_PASSWORD_FILE: secret(' with blanks '),
			DB_DATABASE_NAME_FILE: secret('photos'),
			DB_PASSWORD: 'not this one'
		};
		expect(target(files)).toEqual({
			...defaults,
			host: 'pg',
			user: 'immich',
			password: ' with blanks ',
			database: 'photos'
		});
		expect(target({ DB_URL_FILE: secret('postgres://a:b@c/d\n'), DB_HOSTNAME: 'x' }).host).toBe('c');
		expect(target({ DATABASE_URL_FILE: secret('postgres://a:b@e/d\n'), DB_URL: 'postgres://a:b@c/d' }).host).toBe('e');
	});

	it.each([
		['disable', false],
		['require', { rejectUnauthorized: false }],
		['prefer', { rejectUnauthorized: false }],
		['allow', { rejectUnauthorized: false }],
		['verify-full', {}]
	])('read DB_SSL_MODE=%s', (mode, wanted) => {
		const client = new pg.Client({ connectionString: readEnv({ DB_SSL_MODE: mode }).database?.url });
		expect((client as unknown as { ssl: unknown }).ssl || false).toEqual(wanted);
	});
});
