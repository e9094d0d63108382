import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unlinkAllWords } from '#lib/contract/oauth/oauth.ts';
import type { SystemConfig } from '#lib/contract/settings/document/index.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { openPage } from '#tests/support/forms.ts';
import { LinkedCrowd } from '#tests/support/oauth-crowd.ts';
import { TwoProviders } from '#tests/support/two-providers.ts';

const api = useApi();
let providers: TwoProviders;
let crowd: LinkedCrowd;

beforeAll(async () => {
	providers = await TwoProviders.start(api);
});
afterAll(() => providers.close());
beforeEach(async () => {
	await api.reset();
	crowd = await LinkedCrowd.start(api, providers);
	await api.prisma.user.update({ where: { id: crowd.id('ann') }, data: { isAdmin: true } });
});

const unlinkAll = '/api/admin/auth/unlink-all';
const page = '/admin/settings/oauth/unlink-all';
const stranded = async () => (await crowd.asAdmin('GET', unlinkAll)).body as { adminsWithoutPassword: unknown[] };

async function expirePassword(expiresAt: Date) {
	await api.prisma.user.update({ where: { id: crowd.id('ann') }, data: { shouldChangePassword: true } });
	await api.accounts.setPasswordState(crowd.id('ann'), { expiresAt });
}

async function setPasswordLogin(enabled: boolean) {
	const config = (await crowd.asAdmin('GET', '/api/admin/config')).body as SystemConfig;
	const reply = await crowd.asAdmin('PUT', '/api/admin/config', { ...config, passwordLogin: { enabled } });
	expect(reply.status, reply.text).toBe(200);
}

const unlinkAnn = async () =>
	(await new Batches(api, crowd.adminToken).run({ kind: 'unlinkOAuth', ids: [crowd.id('ann'), crowd.id('bob')] }))
		.items;

describe('an admin whose temporary password has expired', () => {
	it('prevents unlinking everyone, and stays linked when selected users are unlinked', async () => {
		await expirePassword(new Date(Date.now() - 1_000));
		const { id, name, email } = await api.accounts.findUser(crowd.id('ann'));
		expect(await stranded()).toMatchObject({
			users: 3,
			usersWithoutPassword: 1,
			adminsWithoutPassword: [{ id, name, email }]
		});
		const refused = await crowd.asAdmin('POST', unlinkAll);
		expect([refused.status, refused.body]).toEqual([
			400,
			{
				message: `Administrators without a password could no longer sign in: ${email}. Give them temporary passwords first.`
			}
		]);
		expect(await openPage(api, page, crowd.adminToken)).toContain('a temporary one that has expired');
		expect((await unlinkAnn()).map(({ outcome, reason }) => [outcome, reason])).toEqual([
			['failed', 'The temporary password of this administrator has expired: give them a new one first'],
			['done', null]
		]);
		expect(await crowd.links()).toContain('ann/club');
	});

	it('does not prevent it before the password expires', async () => {
		await expirePassword(new Date(Date.now() + 60_000));
		expect(await stranded()).toMatchObject({ usersWithoutPassword: 0, adminsWithoutPassword: [] });
		expect((await crowd.asAdmin('POST', unlinkAll)).status).toBe(204);
	});
});

describe('while password sign-in is off', () => {
	it('no linked admin is unlinked, with or without a password', async () => {
		await setPasswordLogin(false);
		const { email } = await api.accounts.findUser(crowd.id('ann'));
		expect(await stranded()).toMatchObject({ usersWithoutPassword: 3, adminsWithoutPassword: [{ email }] });
		const refused = await crowd.asAdmin('POST', unlinkAll);
		expect([refused.status, refused.body]).toEqual([
			400,
			{
				message: `Password sign-in is off, so these administrators could no longer sign in: ${email}. Turn it on first.`
			}
		]);
		const html = await openPage(api, page, crowd.adminToken);
		expect(html).toContain('Turn on password sign-in');
		expect(html).not.toContain('/admin/users?/change');
		const confirmation = unlinkAllWords({ users: 3, withoutPassword: 3 });
		expect((await api.submit(page, { confirmation }, buildCookie(crowd.adminToken))).status).toBe(400);
		expect((await unlinkAnn()).map(({ outcome, reason }) => [outcome, reason])).toEqual([
			['failed', 'Password sign-in is off, so this administrator could no longer sign in'],
			['done', null]
		]);
		await setPasswordLogin(true);
		expect((await crowd.asAdmin('POST', unlinkAll)).status).toBe(204);
		expect(await crowd.links()).toEqual([]);
	});
});
