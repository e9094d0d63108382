import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authCodec, sessionCodec, type AuthMethod } from '../../../src/cli/session/index.ts';

const auths: fc.Arbitrary<AuthMethod> = fc.oneof(
	fc.record({
		type: fc.constant('jwt' as const),
		accessToken: fc.string({ minLength: 1, unit: 'binary' }),
		userId: fc.uuid(),
		email: fc.string({ unit: 'binary' })
	}),
	fc.record(
		{
			type: fc.constant('api_key' as const),
			key: fc.string({ minLength: 1, unit: 'binary' }),
			name: fc.string({ unit: 'binary' })
		},
		{ requiredKeys: ['type', 'key'] }
	)
);
const moments = fc
	.date({ min: new Date('0001-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59Z'), noInvalidDate: true })
	.map((date) => date.toISOString());

describe('the codec', () => {
	it('returns every session as it was after a trip through JSON', () => {
		fc.assert(
			fc.property(fc.webUrl(), auths, moments, (serverUrl, auth, createdAt) => {
				const session = { serverUrl, auth, createdAt };
				const onDisk: unknown = JSON.parse(JSON.stringify(sessionCodec.encode(session)));
				expect(sessionCodec.decode(onDisk as Parameters<typeof sessionCodec.decode>[0])).toEqual(session);
			})
		);
	});

	it('writes only the member of the type', () => {
		fc.assert(
			fc.property(auths, (auth) => {
				expect(Object.keys(authCodec.encode(auth)).sort()).toEqual([auth.type, 'type'].sort());
			})
		);
	});

	it('writes exactly the shape of the OCaml library', () => {
		const createdAt = '2026-01-02T03:04:05Z';
		const serverUrl = 'https://immich.example.com';
		const jwt = { type: 'jwt', accessToken: 'token', userId: 'id', email: 'ada@example.com' } as const;
		expect(sessionCodec.encode({ serverUrl, auth: jwt, createdAt })).toEqual({
			server_url: serverUrl,
			auth: { type: 'jwt', jwt: { access_token: 'token', user_id: 'id', email: 'ada@example.com' } },
			created_at: createdAt
		});
		expect(sessionCodec.encode({ serverUrl, auth: { type: 'api_key', key: 'key' }, createdAt })).toEqual({
			server_url: serverUrl,
			auth: { type: 'api_key', api_key: { key: 'key' } },
			created_at: createdAt
		});
	});

	it('accepts no other values, whatever they are', () => {
		fc.assert(
			fc.property(fc.jsonValue(), (value) => {
				expect(sessionCodec.safeDecode(value as Parameters<typeof sessionCodec.decode>[0]).success).toBe(false);
			})
		);
	});
});
