import { describe, expect, it } from 'vitest';
import { unlinkAllWords } from '#lib/contract/oauth/oauth.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { openPage } from '#tests/support/forms.ts';
import { allLinks, linksWithout, useLinkedCrowd } from '#tests/support/oauth-crowd.ts';

const api = useApi();
const linked = useLinkedCrowd(api);
const unlinkAll = '/api/admin/auth/unlink-all';

describe('an admin without a password', () => {
	const page = '/admin/settings/oauth/unlink-all';
	const strand = (name: 'ann' | 'bob' | 'cleo') =>
		api.prisma.user.update({ where: { id: linked.crowd.id(name) }, data: { isAdmin: true, password: null } });

	it('is listed and prevents unlinking everyone', async () => {
		await strand('ann');
		await strand('cleo');
		await api.prisma.user.update({ where: { id: linked.crowd.id('bob') }, data: { password: null } });
		const { id, name, email } = await api.accounts.findUser(linked.crowd.id('ann'));
		const preview = await linked.crowd.asAdmin('GET', unlinkAll);
		expect([preview.status, preview.body]).toEqual([
			200,
			{ users: 3, usersWithoutPassword: 3, adminsWithoutPassword: [{ id, name, email }] }
		]);
		const refused = await linked.crowd.asAdmin('POST', unlinkAll);
		expect([refused.status, refused.body]).toEqual([
			400,
			{
				message: `Administrators without a password could no longer sign in: ${email}. Give them temporary passwords first.`
			}
		]);
		const confirmation = unlinkAllWords({ users: 3, withoutPassword: 3 });
		expect((await api.submit(page, { confirmation }, buildCookie(linked.crowd.adminToken))).status).toBe(400);
		expect(await linked.crowd.links()).toEqual(allLinks);
	});

	it('gets a temporary password from the page, without scripts, before everyone is unlinked', async () => {
		await strand('ann');
		await strand('bob');
		const html = await openPage(api, page, linked.crowd.adminToken);
		expect(html).toContain('These admins have no password');
		for (const name of ['ann', 'bob'] as const) expect(html).toContain(`/admin/users/${linked.crowd.id(name)}`);
		const form = new URLSearchParams([
			['kind', 'resetPassword'],
			['id', linked.crowd.id('ann')],
			['id', linked.crowd.id('bob')]
		]);
		for (const id of form.getAll('id')) expect(html).toContain(`name="id" value="${id}"`);
		expect(html).toContain('name="kind" value="resetPassword"');
		expect(html).toContain('action="/admin/users?/change"');
		for (const id of form.getAll('id')) await linked.crowd.asAdmin('POST', `/api/admin/users/${id}/reset-password`, {});
		expect(await openPage(api, page, linked.crowd.adminToken)).toContain('To unlink all users, type');
		expect((await linked.crowd.asAdmin('POST', unlinkAll)).status).toBe(204);
	});

	it('gets a link to set their own password when viewing the page', async () => {
		await strand('ann');
		const { token } = await linked.providers.enter('club', linked.crowd.claims('ann'));
		const html = await openPage(api, page, token);
		expect(html).toContain('Set your own password');
		expect(html).not.toContain('/admin/users?/change');
	});

	it('stays linked when selected users are unlinked', async () => {
		await strand('ann');
		const ids = [linked.crowd.id('ann'), linked.crowd.id('bob')];
		const { items } = await new Batches(api, linked.crowd.adminToken).run({ kind: 'unlinkOAuth', ids });
		expect(items.map(({ outcome, reason }) => [outcome, reason])).toEqual([
			['failed', 'This administrator has no password: give them a temporary one first'],
			['done', null]
		]);
		expect(await linked.crowd.links()).toEqual(linksWithout('bob/club', 'bob/immich'));
	});
});
