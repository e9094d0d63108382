import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';

const api = useApi();

/** Any possible header value: every byte except control characters, which no HTTP library lets through. */
const headerValue = fc
	.array(fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0x80, max: 0xff }), fc.constant(9)), {
		maxLength: 300
	})
	.map((bytes) => String.fromCharCode(...bytes).trim());
const cookiePart = fc.constantFrom(
	'=',
	';',
	'%',
	'"',
	'%00',
	'%zz',
	'__proto__',
	'immich_access_token',
	' ',
	'a',
	'.',
	'eyJ'
);
const cookie = fc.oneof(
	headerValue,
	fc.array(cookiePart, { maxLength: 30 }).map((parts) => parts.join('').trim()),
	headerValue.map((value) => `immich_access_token=${value}`)
);
const query = fc.record(
	{ sessionKey: fc.string(), apiKey: fc.string(), key: fc.string(), slug: fc.string() },
	{ requiredKeys: [] }
);

const runs = { numRuns: 150 };
/** Also 429, after many unknown share keys. */
const refused: unknown = expect.toSatisfy((status: number) => status === 401 || status === 429);

describe('arbitrary input in place of a credential', () => {
	it('in a cookie returns 401 and never fails', async () => {
		await fc.assert(
			fc.asyncProperty(cookie, async (value) => {
				expect((await api.request('GET', '/api/users/me', { cookie: value })).status).toBe(401);
			}),
			runs
		);
	});

	it('in a cookie redirects a page to the sign-in page and never fails', async () => {
		await fc.assert(
			fc.asyncProperty(cookie, async (value) => {
				const reply = await api.request('GET', '/account/profile', { cookie: value, headers: { accept: 'text/html' } });
				expect(reply.status).toBe(303);
			}),
			{ numRuns: 50 }
		);
	});

	it.each(['authorization', 'x-api-key', 'x-immich-user-token', 'x-immich-session-token', 'x-immich-share-key'])(
		'in %s returns 401 and never fails',
		async (name) => {
			await fc.assert(
				fc.asyncProperty(fc.constantFrom('', 'Bearer ', 'bearer', 'Basic '), headerValue, async (scheme, value) => {
					const headers = { [name]: scheme + value };
					expect((await api.request('GET', '/api/users/me', { headers })).status).toEqual(refused);
				}),
				runs
			);
		}
	);

	it('in the query returns 401 and never fails', async () => {
		await fc.assert(
			fc.asyncProperty(query, async (parameters) => {
				const text = new URLSearchParams(parameters).toString();
				expect((await api.request('GET', `/api/users/me?${text}`)).status).toEqual(refused);
			}),
			runs
		);
	});

	it('in the query does not fail if it is malformed', async () => {
		for (const text of ['sessionKey=%', 'sessionKey=%ff%fe', 'apiKey=%00', 'apiKey[]=x', 'key', '%00=x', '&&&=', '?'])
			expect((await api.request('GET', `/api/users/me?${text}`)).status).toEqual(refused);
	});

	it('is rejected by size before it is parsed', async () => {
		const reply = await api.request('GET', '/api/users/me', { cookie: `immich_access_token=${'x'.repeat(20_000)}` });
		expect(reply.status).toBe(431);
		expect((await api.request('GET', '/api/server/ping')).status).toBe(200);
	});
});
