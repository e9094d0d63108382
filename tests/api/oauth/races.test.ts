import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/auth.ts';
import { useApi } from '#tests/support/api.ts';
import { comeBack, configureOAuth, redirectUri, signInBy } from '#tests/support/oauth.ts';
import { Oidc } from '#tests/support/oidc.ts';

const api = useApi();
let oidc: Oidc;
let token = '';

beforeAll(async () => {
	oidc = await Oidc.start({ redirectUris: [redirectUri] });
});
afterAll(() => oidc.close());
beforeEach(async () => {
	await api.reset();
	await configureOAuth(api, oidc);
	({ token } = await api.accounts.signInAdmin());
});

const times = <Value>(count: number, make: (index: number) => Promise<Value>) =>
	Promise.all(Array.from({ length: count }, (_, index) => make(index)));

/** Brings several to the point where only the callback is left, and then sends all of these at once. */
async function signInTogether(subjects: readonly string[]) {
	const ready = await times(subjects.length, (index) => comeBack(api, oidc, subjects[index] ?? ''));
	return Promise.all(
		ready.map(({ url, cookie }) => api.request('POST', '/api/oauth/callback', { body: { url }, cookie }))
	);
}

describe('at the same moment', () => {
	it('ten first sign-ins of one person make one account', async () => {
		oidc.claims['ann'] = { email: 'ann@example.test', email_verified: true };
		const replies = await signInTogether(Array.from({ length: 10 }, () => 'ann'));
		expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 201));
		const people = new Set(replies.map(({ body }) => LoginResponseDto.parse(body).userId));
		expect(people.size).toBe(1);
		expect(await api.prisma.oAuthIdentity.count()).toBe(1);
		expect(await api.prisma.auditEvent.count({ where: { action: 'oauth.register' } })).toBe(1);
	});

	it('people who are called the same have folders of their own', async () => {
		const subjects = Array.from({ length: 4 }, (_, index) => `same-${index}`);
		for (const subject of subjects)
			oidc.claims[subject] = { email: `${subject}@example.test`, email_verified: true, preferred_username: 'sam' };
		const replies = await signInTogether(subjects);
		expect(replies.map(({ status }) => status)).toEqual([201, 201, 201, 201]);
		const labels = await api.prisma.user.findMany({
			where: { storageLabel: { startsWith: 'sam' } },
			select: { storageLabel: true }
		});
		expect(labels.map(({ storageLabel }) => storageLabel).sort()).toEqual(['sam', 'sam-2', 'sam-3', 'sam-4']);
	});

	it.each([
		['unlinked', (id: string) => ['DELETE', `/api/admin/users/${id}/oauth`, {}] as const],
		['unlinked with all others', () => ['POST', '/api/admin/auth/unlink-all', {}] as const],
		['deleted', (id: string) => ['DELETE', `/api/admin/users/${id}`, { force: false }] as const]
	])('whoever is %s while signing in is in before it or not at all', async (what, callOf) => {
		oidc.claims['bob'] = { email: 'bob@example.test', email_verified: true };
		const { userId } = LoginResponseDto.parse((await signInBy(api, oidc, 'bob')).body);
		// Somebody else has the e-mail, so that whoever is unlinked is not registered anew.
		oidc.claims['bob'] = { email: 'admin-of-bob@example.test', email_verified: true };
		await configureOAuth(api, oidc, { autoRegister: false });
		const ready = await times(6, () => comeBack(api, oidc, 'bob'));
		const [method, path, body] = callOf(userId);
		const [ended, ...replies] = await Promise.all([
			api.request(method, path, { token, body }),
			...ready.map(({ url, cookie }) => api.request('POST', '/api/oauth/callback', { body: { url }, cookie }))
		]);
		expect(ended.status, ended.text).toBeLessThan(300);
		for (const { status } of replies) expect([201, 400]).toContain(status);
		const tokens = replies.flatMap(({ status, body }) =>
			status === 201 ? [LoginResponseDto.parse(body).accessToken] : []
		);
		if (what === 'deleted')
			for (const late of tokens) expect((await api.request('GET', '/api/users/me', { token: late })).status).toBe(401);
		expect((await signInBy(api, oidc, 'bob')).status).toBe(400);
	});

	it('one answer that is sent many times serves once', async () => {
		oidc.claims['cleo'] = { email: 'cleo@example.test', email_verified: true };
		const { url, cookie } = await comeBack(api, oidc, 'cleo');
		const replies = await times(8, () => api.request('POST', '/api/oauth/callback', { body: { url }, cookie }));
		expect(replies.filter(({ status }) => status === 201)).toHaveLength(1);
		expect(replies.filter(({ status }) => status === 500)).toHaveLength(7);
	});
});

describe('a way to a provider that is not gone to its end', () => {
	it('serves for ten minutes', async () => {
		const { url, cookie } = await comeBack(api, oidc, 'ann');
		await api.prisma.oAuthFlow.updateMany({ data: { expiresAt: new Date(Date.now() - 1) } });
		expect((await api.request('POST', '/api/oauth/callback', { body: { url }, cookie })).status).toBe(500);
	});
});
