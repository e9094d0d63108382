import { describe, expect, it } from 'vitest';
import { unlinkAllWords } from '#lib/contract/oauth/oauth.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { allLinks, linksWithout, useLinkedCrowd } from '#tests/support/oauth-crowd.ts';

const api = useApi();
const linked = useLinkedCrowd(api);
const unlinkAll = '/api/admin/auth/unlink-all';

/** Cleo is deleted; all three are linked to both providers, with a session from each and one by password. */
describe('an admin unlinks', () => {
	it('one user from all providers, and no one else', async () => {
		const reply = await linked.crowd.asAdmin('DELETE', `/api/admin/users/${linked.crowd.id('bob')}/oauth`);
		expect([reply.status, reply.body]).toMatchObject([200, { id: linked.crowd.id('bob'), oauthId: '' }]);
		expect(await linked.crowd.links()).toEqual(linksWithout('bob/club', 'bob/immich'));
		expect(await linked.crowd.sessions()).toEqual(
			[...linksWithout('bob/club', 'bob/immich'), 'ann/password', 'bob/password', 'cleo/password'].sort()
		);
		expect(await linked.crowd.oauthIds()).toEqual({ ann: 'ann', bob: '', cleo: 'cleo' });
		expect(await linked.crowd.listNotified()).toEqual(['bob']);
		expect(await linked.crowd.recorded()).toEqual([['oauth.unlink', 'bob', { sessionsEnded: { from: null, to: 2 } }]]);
	});

	it.each([
		['immich', 'bob/immich', ''],
		['club', 'bob/club', 'bob']
	])('one user from %s only, with the form', async (providerId, gone, oauthId) => {
		const reply = await api.submit(
			`/admin/users/${linked.crowd.id('bob')}/unlink`,
			{ providerId },
			buildCookie(linked.crowd.adminToken)
		);
		expect(reply.status).toBe(303);
		expect(await linked.crowd.links()).toEqual(linksWithout(gone));
		expect(await linked.crowd.sessions()).toEqual(
			[...linksWithout(gone), 'ann/password', 'bob/password', 'cleo/password'].sort()
		);
		expect(await linked.crowd.oauthIds()).toEqual({ ann: 'ann', bob: oauthId, cleo: 'cleo' });
	});

	it('a deleted user', async () => {
		expect((await linked.crowd.asAdmin('DELETE', `/api/admin/users/${linked.crowd.id('cleo')}/oauth`)).status).toBe(
			200
		);
		expect(await linked.crowd.links()).toEqual(linksWithout('cleo/club', 'cleo/immich'));
		expect(await linked.crowd.listNotified()).toEqual([]);
	});

	it('selected users, and no one else', async () => {
		const { items } = await new Batches(api, linked.crowd.adminToken).run({
			kind: 'unlinkOAuth',
			ids: [linked.crowd.id('ann'), linked.crowd.id('cleo')]
		});
		expect(items.map(({ outcome }) => outcome)).toEqual(['done', 'done']);
		expect(await linked.crowd.links()).toEqual(['bob/club', 'bob/immich']);
		expect(await linked.crowd.sessions()).toEqual([
			'ann/password',
			'bob/club',
			'bob/immich',
			'bob/password',
			'cleo/password'
		]);
		expect(await linked.crowd.oauthIds()).toEqual({ ann: '', bob: 'bob', cleo: '' });
		expect(await linked.crowd.listNotified()).toEqual(['ann']);
	});

	it.each([
		['the API', async () => (await linked.crowd.asAdmin('POST', unlinkAll)).status],
		[
			'the form',
			async () => {
				const confirmation = unlinkAllWords({ users: 3, withoutPassword: 0 });
				const page = '/admin/settings/oauth/unlink-all';
				return (await api.submit(page, { confirmation }, buildCookie(linked.crowd.adminToken))).status;
			}
		]
	])('everyone, including deleted users, with %s', async (_, run) => {
		expect([204, 303]).toContain(await run());
		expect(await linked.crowd.links()).toEqual([]);
		expect(await linked.crowd.sessions()).toEqual(['ann/password', 'bob/password', 'cleo/password']);
		expect(await linked.crowd.oauthIds()).toEqual({ ann: '', bob: '', cleo: '' });
		expect(await linked.crowd.listNotified()).toEqual(['ann', 'bob']);
		expect(await linked.crowd.recorded()).toEqual([
			['oauth.unlinkAll', null, { total: { from: null, to: 3 }, sessionsEnded: { from: null, to: 6 } }]
		]);
	});

	it('no one with the form without the right words', async () => {
		const page = '/admin/settings/oauth/unlink-all';
		expect((await api.submit(page, { confirmation: 'unlink 2' }, buildCookie(linked.crowd.adminToken))).status).toBe(
			400
		);
		expect(await linked.crowd.links()).toEqual(allLinks);
	});

	it('and ends sessions that Immich started, but not those started here by password and linked since', async () => {
		const id = linked.crowd.id('ann');
		const immich = await api.accounts.makeSession(id, { oauthBearerToken: 'token', oauthSid: 'sid' });
		const mine = await api.accounts.makeSession(id, { oauthBearerToken: 'token' });
		const session = await api.prisma.session.findFirstOrThrow({ where: { oauthBearerToken: 'token', oauthSid: null } });
		await api.prisma.sessionOrigin.create({ data: { sessionId: session.id, signInAddress: '192.0.2.1' } });
		await linked.crowd.asAdmin('DELETE', `/api/admin/users/${id}/oauth`);
		const statuses = [immich, mine].map(async (token) => (await api.request('GET', '/api/users/me', { token })).status);
		expect(await Promise.all(statuses)).toEqual([401, 200]);
	});

	it('everyone and stays signed in, in the provider’s session and its child session', async () => {
		await api.prisma.user.update({ where: { id: linked.crowd.id('ann') }, data: { isAdmin: true } });
		const { token } = await linked.providers.enter('club', linked.crowd.claims('ann'));
		const made = await api.request('POST', '/api/sessions', { token, body: {} });
		expect(made.status, made.text).toBe(201);
		const { token: below } = made.body as { token: string };
		expect((await api.request('POST', unlinkAll, { token: below })).status).toBe(204);
		for (const kept of [token, below])
			expect((await api.request('GET', '/api/users/me', { token: kept })).status).toBe(200);
		expect(await linked.crowd.sessions()).toEqual(['ann/club', 'ann/password', 'bob/password', 'cleo/password']);
	});
});

describe('an admin who is also linked', () => {
	/** The caller has two sessions from a provider and a child of the calling one. */
	async function signInTwice() {
		const claims = { sub: 'boss', email: 'boss@example.test', email_verified: true };
		const { userId, token } = await linked.providers.enter('club', claims);
		await api.prisma.user.update({
			where: { id: userId },
			data: { isAdmin: true, password: 'a hash', shouldChangePassword: false }
		});
		const other = await linked.providers.enter('club', claims);
		const { body } = await api.request('POST', '/api/sessions', { token, body: {} });
		return { userId, token, other: other.token, below: (body as { token: string }).token };
	}
	const isSignedIn = async (token: string) => (await api.request('GET', '/api/users/me', { token })).status === 200;

	it.each<[string, (caller: { token: string; userId: string }) => Promise<unknown>]>([
		['the route for one', ({ token, userId }) => api.request('DELETE', `/api/admin/users/${userId}/oauth`, { token })],
		['the route for all', ({ token }) => api.request('POST', unlinkAll, { token })],
		['a batch', ({ token, userId }) => new Batches(api, token).run({ kind: 'unlinkOAuth', ids: [userId] })]
	])('keeps only the calling session and its child with %s', async (_, unlink) => {
		const caller = await signInTwice();
		await unlink(caller);
		expect(await isSignedIn(caller.token)).toBe(true);
		expect(await isSignedIn(caller.other)).toBe(false);
		expect(await isSignedIn(caller.below)).toBe(true);
	});

	it('keeps the calling session and its parent', async () => {
		const { userId, token, other, below } = await signInTwice();
		await new Batches(api, below).run({ kind: 'unlinkOAuth', ids: [userId] });
		expect([await isSignedIn(token), await isSignedIn(below), await isSignedIn(other)]).toEqual([true, true, false]);
	});

	it('keeps no session if another admin’s key does it', async () => {
		const { userId, token, other } = await signInTwice();
		const { user } = await api.accounts.signInAdmin();
		const apiKey = await api.accounts.makeApiKey(user.id);
		const body = { kind: 'unlinkOAuth', ids: [userId] };
		const drafted = await api.request('POST', '/api/admin/user-batches', { apiKey, body });
		const { id } = drafted.body as { id: string };
		expect((await api.request('POST', `/api/admin/user-batches/${id}/start`, { apiKey })).status).toBe(200);
		await new Batches(api, linked.crowd.adminToken).finish(id);
		expect([await isSignedIn(token), await isSignedIn(other)]).toEqual([false, false]);
	});
});

describe('a user unlinks their own identities', () => {
	it('and stays signed in everywhere, is notified, and leaves others unchanged', async () => {
		const { token } = await linked.providers.enter('club', linked.crowd.claims('bob'));
		const reply = await api.request('POST', '/api/oauth/unlink', { token });
		expect(reply.status).toBe(200);
		expect(await linked.crowd.links()).toEqual(linksWithout('bob/club', 'bob/immich'));
		expect(await linked.crowd.sessions()).toEqual(
			[...allLinks, 'ann/password', 'bob/club', 'bob/password', 'cleo/password'].sort()
		);
		expect(await linked.crowd.listNotified()).toEqual(['bob']);
	});
});
