import { describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { listPairs, places, putAll, usablePlaces, type Place } from '#tests/support/places.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const me = (...values: (readonly [Place, string])[]) => api.request('GET', ...putAll('/api/users/me', values));

/** Creates a user and a credential of the kind the place accepts; a share key is never valid. */
async function makeHolder({ kind }: Place) {
	const { user, token } = await api.accounts.signIn();
	return { id: user.id, good: kind === 'apiKey' ? await api.accounts.makeApiKey(user.id) : token };
}

describe('a credential', () => {
	it.each(usablePlaces)('in $name is recognized', async (place) => {
		const { id, good } = await makeHolder(place);
		const reply = await me([place, good]);
		expect(reply.status).toBe(200);
		expect(reply.body).toMatchObject({ id });
	});

	it.each(places)('in $name that is invalid returns 401 with the message of its kind', async (place) => {
		const reply = await me([place, 'bad']);
		expect([reply.status, reply.body]).toEqual([401, message(place.refusal)]);
	});

	it.each(places)('in $name of 10,000 characters returns 401', async (place) => {
		const reply = await me([place, 'x'.repeat(10_000)]);
		expect([reply.status, reply.body]).toEqual([401, message(place.refusal)]);
	});

	it.each(places)('in $name that is empty is ignored', async (place) => {
		const reply = await me([place, '']);
		expect([reply.status, reply.body]).toEqual([401, message('Authentication required')]);
	});

	it.each(places)('in $name that is only whitespace returns 401', async (place) => {
		expect((await me([place, '   '])).status).toBe(401);
	});

	it.each(usablePlaces)('of the other kind in $name returns 401', async (place) => {
		const { user, token } = await api.accounts.signIn();
		const other = place.kind === 'apiKey' ? token : await api.accounts.makeApiKey(user.id);
		expect((await me([place, other])).body).toEqual(message(place.refusal));
	});
});

describe('two credentials', () => {
	it.each(listPairs(places))(
		'$name: an invalid first one never falls back to a valid second one',
		async ({ first, second }) => {
			const { good } = await makeHolder(second);
			const reply = await me([first, 'bad'], [second, good]);
			expect([reply.status, reply.body]).toEqual([401, message(first.refusal)]);
		}
	);

	it.each(listPairs(usablePlaces))('$name: the first one wins', async ({ first, second }) => {
		const [one, other] = [await makeHolder(first), await makeHolder(second)];
		expect((await me([first, one.good], [second, other.good])).body).toMatchObject({ id: one.id });
		expect((await me([first, one.good], [second, 'bad'])).body).toMatchObject({ id: one.id });
	});

	it.each(listPairs(usablePlaces))('$name: an empty first one falls back to the second', async ({ first, second }) => {
		const { id, good } = await makeHolder(second);
		expect((await me([first, ''], [second, good])).body).toMatchObject({ id });
	});
});

describe('Authorization', () => {
	it.each(['Basic dTpw', 'Digest a=b', 'Bearer', 'Bearer ', 'Token x', 'BearerX y', ',', 'Negotiate'])(
		'%s is not a credential, so a valid cookie is used',
		async (authorization) => {
			const { user, token } = await api.accounts.signIn();
			const headers = { authorization, cookie: `immich_access_token=${token}` };
			expect((await api.request('GET', '/api/users/me', { headers })).body).toMatchObject({ id: user.id });
			const alone = await api.request('GET', '/api/users/me', { headers: { authorization } });
			expect([alone.status, alone.body]).toEqual([401, message('Authentication required')]);
		}
	);

	it.each(['bearer', 'BEARER', 'bEaReR'])('accepts the scheme as %s', async (scheme) => {
		const { user, token } = await api.accounts.signIn();
		const headers = { authorization: `${scheme} ${token}` };
		expect((await api.request('GET', '/api/users/me', { headers })).body).toMatchObject({ id: user.id });
	});
});

describe('the same place twice', () => {
	it('uses the first cookie of the name', async () => {
		const { token } = await api.accounts.signIn();
		const send = (cookie: string) => api.request('GET', '/api/users/me', { cookie });
		expect((await send(`immich_access_token=${token}; immich_access_token=bad`)).status).toBe(200);
		expect((await send(`immich_access_token=bad; immich_access_token=${token}`)).status).toBe(401);
	});

	it('uses the first parameter of the name', async () => {
		const apiKey = await api.accounts.makeApiKey((await api.accounts.makeUser()).id);
		const send = (query: string) => api.request('GET', `/api/users/me?${query}`);
		expect((await send(`apiKey=${apiKey}&apiKey=bad`)).status).toBe(200);
		expect((await send(`apiKey=bad&apiKey=${apiKey}`)).status).toBe(401);
	});
});

describe('with credentials in the query disabled', () => {
	const strict = useApi({
		prepare: async ({ prisma }) => {
			await prisma.setting.create({ data: { key: 'immich-auth', value: { credentials: { acceptInQuery: false } } } });
		}
	});

	it('ignores them, valid or not', async () => {
		const { user, token } = await strict.accounts.signIn();
		const apiKey = await strict.accounts.makeApiKey(user.id);
		for (const query of [`sessionKey=${token}`, `apiKey=${apiKey}`, 'sessionKey=bad', 'apiKey=bad']) {
			const alone = await strict.request('GET', `/api/users/me?${query}`);
			expect([alone.status, alone.body]).toEqual([401, message('Authentication required')]);
			expect((await strict.request('GET', `/api/users/me?${query}`, { apiKey })).status).toBe(200);
		}
	});
});

describe('credentials in the query', () => {
	it('are never logged, and the response forbids passing the URL on as referrer', async () => {
		const { user, token } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id);
		for (const query of [`sessionKey=${token}`, `apiKey=${apiKey}`, 'key=a-share-secret'])
			for (const path of ['/api/users/me', '/api/nope', '/api/admin/users'])
				expect((await api.request('GET', `${path}?${query}`)).headers['referrer-policy']).toBe('no-referrer');
		const log = api.lines.join('\n');
		for (const secret of [token, apiKey, 'a-share-secret']) expect(log).not.toContain(secret);
	});
});
