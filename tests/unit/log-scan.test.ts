import { expect, it } from 'vitest';
import { guard, leaksIn } from '#tests/support/log-scan.ts';
import { testSecret, testVault } from '#tests/support/vault.ts';

const key = guard('an API key', 'aB3'.repeat(14));

it.each([
	['an email address', '{"msg":"Sign-in refused","email":"ann.lee+x@example.test"}'],
	['an email address', 'Key (email)=(boss@photos.example.com) already exists'],
	['an email address', 'mailto:jürgen@example.org'],
	['a password hash', `{"hash":"$2b$10$${'a'.repeat(53)}"}`],
	['a token', `Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ4eHh4In0.${'s'.repeat(43)}`],
	['an encrypted secret', testVault.seal('x', 'y')],
	['the encryption key', `with ${testSecret}`],
	['an API key', `x-api-key: ${key}`]
])('finds %s in %j', (what, line) => {
	expect(leaksIn(['{"msg":"ready"}', line])).toEqual([`${what}: ${line}`]);
});

it('finds nothing in normal server output', () => {
	expect(
		leaksIn([
			'immich-auth is ready after 1.2 s: http://localhost:40123',
			'{"level":40,"address":"203.0.113.7","userId":"0d1c8a3e-6d1e-4a54-8a3a-1b2c3d4e5f60","msg":"Sign-in refused: incorrect email or password"}',
			'    at Object.run (file:///app/node_modules/@prisma/client/runtime.js:1:2)',
			'Creating the database tables'
		])
	).toEqual([]);
});
