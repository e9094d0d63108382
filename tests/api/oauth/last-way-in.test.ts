import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { ImmichAuthConfig } from '#lib/contract/settings/document/immich-auth.ts';
import type { SystemConfig } from '#lib/contract/settings/document/index.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { fillIn, openPage } from '#tests/support/forms.ts';
import { findForms } from '#tests/support/html-form.ts';
import { LinkedCrowd } from '#tests/support/oauth-crowd.ts';
import { message } from '#tests/support/shapes.ts';
import { TwoProviders } from '#tests/support/two-providers.ts';

const api = useApi();
let providers: TwoProviders;
/** Ann is an admin without a password, linked to `immich` and `club`. Another admin has a password and no provider. */
let crowd: LinkedCrowd;
let ann = '';

beforeAll(async () => {
	providers = await TwoProviders.start(api);
});
afterAll(() => providers.close());
beforeEach(async () => {
	await api.reset();
	crowd = await LinkedCrowd.start(api, providers);
	ann = crowd.id('ann');
	await api.prisma.user.update({ where: { id: ann }, data: { isAdmin: true, password: null } });
});

const strandedAnn = message(
	'Administrators without a password could no longer sign in: ann@example.test. Give them temporary passwords first.'
);
const systemConfig = async () => (await crowd.asAdmin('GET', '/api/admin/config')).body as SystemConfig;
const saveSystem = async (change: (config: SystemConfig) => Partial<SystemConfig>) => {
	const config = await systemConfig();
	return crowd.asAdmin('PUT', '/api/admin/config', { ...config, ...change(config) });
};
const setFirst = (enabled: boolean) => saveSystem(({ oauth }) => ({ oauth: { ...oauth, enabled } }));
const setPasswordLogin = (enabled: boolean) => saveSystem(() => ({ passwordLogin: { enabled } }));
const saveClub = async (change: object | null) => {
	const { oauth, ...rest } = (await crowd.asAdmin('GET', '/api/admin/auth-config')).body as ImmichAuthConfig;
	const club = oauth.providers['club'];
	const kept = change === null || !club ? {} : { club: { ...club, ...change } };
	return crowd.asAdmin('PUT', '/api/admin/auth-config', { ...rest, oauth: { ...oauth, providers: kept } });
};
/** Clears a checkbox of a settings form and saves; returns the status and whether the page shows the sentence. */
async function uncheck(group: string, name: string, sentence: string): Promise<[number, boolean]> {
	const page = `/admin/settings/${group}`;
	const form = findForms(await openPage(api, page, crowd.adminToken)).find(({ names }) => names.includes('base'));
	const fields = Object.entries(form?.fields ?? {}).filter(([field]) => field !== name);
	const { status, text } = await api.submit(`${page}?/save`, Object.fromEntries(fields), buildCookie(crowd.adminToken));
	return [status, text.includes(sentence)];
}
const outcome = ({ status, body }: { status: number; body: unknown }) => [status, body];
const linksOfAnn = async () => (await crowd.links()).filter((link) => link.startsWith('ann'));
/** Removes every admin's password. */
const withoutPasswords = () => api.prisma.user.updateMany({ where: { isAdmin: true }, data: { password: null } });

describe('an admin without a password', () => {
	const unlink = (providerId: string) =>
		api.submit(`/admin/users/${ann}/unlink`, { providerId }, buildCookie(crowd.adminToken));

	it('is not unlinked from all providers by another admin', async () => {
		expect(outcome(await crowd.asAdmin('DELETE', `/api/admin/users/${ann}/oauth`))).toEqual([400, strandedAnn]);
		expect(await linksOfAnn()).toEqual(['ann/club', 'ann/immich']);
		expect(await crowd.sessions()).toContain('ann/club');
	});

	it('is unlinked from one provider, but not from the last enabled one', async () => {
		const page = `/admin/users/${ann}/unlink`;
		expect(await openPage(api, page, crowd.adminToken)).toContain('Set a temporary password');
		const drafted = await fillIn(api, page, crowd.adminToken, { by: { action: '/admin/users?/change' } });
		expect(drafted.headers.location).toMatch(/^\/admin\/users\/batches\//);
		expect((await setFirst(false)).status).toBe(200);
		const refused = await unlink('club');
		expect([refused.status, refused.text.includes(strandedAnn.message)]).toEqual([400, true]);
		expect((await setFirst(true)).status).toBe(200);
		expect((await unlink('club')).status).toBe(303);
		expect((await unlink('immich')).status).toBe(400);
		expect(await linksOfAnn()).toEqual(['ann/immich']);
	});

	it('cannot unlink their own account until they have a password', async () => {
		const { token } = await providers.enter('club', crowd.claims('ann'));
		const own = () => api.request('POST', '/api/oauth/unlink', { token });
		expect(outcome(await own())).toEqual([400, strandedAnn]);
		expect(await linksOfAnn()).toEqual(['ann/club', 'ann/immich']);
		expect(await openPage(api, '/account/providers', token)).toContain('Set your own password');
		await api.prisma.user.update({ where: { id: ann }, data: { password: 'a hash' } });
		expect((await own()).status).toBe(200);
		expect(await linksOfAnn()).toEqual([]);
	});

	it('is unlinked once deleted, as are users who are not admins', async () => {
		await api.prisma.user.update({ where: { id: crowd.id('bob') }, data: { password: null } });
		await api.prisma.user.update({ where: { id: ann }, data: { deletedAt: new Date(), status: 'deleted' } });
		for (const name of ['ann', 'bob'] as const)
			expect((await crowd.asAdmin('DELETE', `/api/admin/users/${crowd.id(name)}/oauth`)).status).toBe(200);
	});
});

describe('the last provider through which an admin can sign in', () => {
	it('cannot be disabled or removed', async () => {
		await withoutPasswords();
		expect((await setFirst(false)).status).toBe(200);
		expect(outcome(await saveClub({ enabled: false }))).toEqual([400, strandedAnn]);
		expect(outcome(await saveClub(null))).toEqual([400, strandedAnn]);
		const page = '/admin/settings/provider-club/remove';
		expect(await openPage(api, page, crowd.adminToken)).toContain('ann@example.test');
		const removed = await api.submit(page, {}, buildCookie(crowd.adminToken));
		expect([removed.status, removed.text.includes(strandedAnn.message)]).toEqual([400, true]);
		expect((await saveClub({ buttonText: 'Club' })).status).toBe(200);
	});

	it('can be disabled while another admin can sign in with a password or another provider', async () => {
		expect((await saveClub({ enabled: false })).status).toBe(200);
		expect((await setFirst(false)).status).toBe(200);
		expect((await setFirst(true)).status).toBe(200);
		await withoutPasswords();
		expect((await saveClub(null)).status).toBe(200);
		expect(await uncheck('oauth', 'enabled', strandedAnn.message)).toEqual([400, true]);
		expect((await setFirst(true)).status).toBe(200);
		// Immich's own route saves any valid value, as its clients expect.
		expect((await setFirst(false)).status).toBe(200);
	});

	it('can be disabled if no admin can sign in already', async () => {
		await api.prisma.oAuthIdentity.deleteMany();
		await api.prisma.user.updateMany({ data: { oauthId: '', password: null } });
		expect((await saveClub(null)).status).toBe(200);
	});
});

describe('password sign-in', () => {
	it('cannot be disabled while no admin is linked to an enabled provider', async () => {
		await api.prisma.user.update({ where: { id: ann }, data: { isAdmin: false } });
		const { email } = await api.prisma.user.findFirstOrThrow({ where: { isAdmin: true } });
		const sentence = `Without password sign-in no administrator could sign in: ${email}. Link one of them to a provider first.`;
		const switchOff = () => uncheck('passwordLogin', 'enabled', sentence);
		expect(await switchOff()).toEqual([400, true]);
		await api.prisma.user.update({ where: { id: ann }, data: { isAdmin: true } });
		expect(await switchOff()).toEqual([303, false]);
		expect((await setPasswordLogin(true)).status).toBe(200);
		expect((await setFirst(false)).status).toBe(200);
		expect((await saveClub({ enabled: false })).status).toBe(200);
		expect(await switchOff()).toEqual([400, true]);
		// Immich's own route saves any valid value, as its clients expect.
		expect((await setPasswordLogin(false)).status).toBe(200);
	});

	it('keeps the last provider enabled while it is off', async () => {
		expect((await setPasswordLogin(false)).status).toBe(200);
		const { text } = await api.request('GET', '/auth/login', { headers: { accept: 'text/html' } });
		expect(findForms(text).filter(({ names }) => names.includes('password'))).toEqual([]);
		expect((await setFirst(false)).status).toBe(200);
		const sentence =
			'Password sign-in is off, so these administrators could no longer sign in: ann@example.test. Turn it on first.';
		expect(outcome(await saveClub(null))).toEqual([400, message(sentence)]);
	});
});
