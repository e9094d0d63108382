import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { fillIn } from '#tests/support/forms.ts';
import { message } from '#tests/support/shapes.ts';

const api = useApi();
const refused = 'No other administrator can sign in. Give one of them a password, or link them to a provider first.';
/** Acts with a session, and can't sign in again. */
let caller: { id: string; token: string };
/** The only admin who can sign in. */
let only: { id: string };

beforeEach(async () => {
	await api.reset();
	const { user, token } = await api.accounts.signInAdmin({ password: null });
	caller = { id: user.id, token };
	only = await api.accounts.makeAdmin();
});

// A reset would leave changed settings in the server's memory.
afterEach(() => configure({}));

const send = (method: string, body: object) =>
	api.request(method, `/api/admin/users/${only.id}`, { token: caller.token, body });
const expectKept = async () =>
	expect(await api.accounts.findUser(only.id)).toMatchObject({ isAdmin: true, deletedAt: null });
const configure = async (change: object) => {
	const body = { ...systemConfigDefaults, ...change };
	expect((await api.request('PUT', '/api/admin/config', { token: caller.token, body })).status).toBe(200);
};
const provider = {
	...systemConfigDefaults.oauth,
	enabled: true,
	issuerUrl: 'https://id.example.test',
	clientId: 'immich',
	clientSecret: 'a client secret'
};
const link = (id: string) => api.prisma.user.update({ where: { id }, data: { oauthId: id } });

const ways: [string, string, object][] = [
	['deleted', 'DELETE', {}],
	['permanently deleted', 'DELETE', { force: true }],
	['demoted', 'PUT', { isAdmin: false }]
];

describe('the only admin who can sign in', () => {
	it.each(ways)('is not %s', async (_, method, body) => {
		const reply = await send(method, body);
		expect([reply.status, reply.body]).toEqual([400, message(refused)]);
		await expectKept();
	});

	it.each([
		['demoted', 'edit', { isAdmin: null }],
		['deleted', 'delete', {}]
	])('is not %s by a form, which says why', async (_, name, changes) => {
		const page = `/admin/users/${only.id}/${name}`;
		const field = name === 'edit' ? 'isAdmin' : 'force';
		const reply = await fillIn(api, page, caller.token, { by: { field }, changes });
		expect([reply.status, reply.text.includes(refused)]).toEqual([400, true]);
		await expectKept();
	});

	it('is not deleted by a bulk action, also not together with the others who can', async () => {
		const batches = new Batches(api, caller.token);
		const other = await api.accounts.makeAdmin();
		const user = await api.accounts.makeUser();
		const { items } = await batches.run({ kind: 'delete', ids: [only.id, user.id, other.id] });
		const kept = ['failed', 'No administrator who can sign in would be left'];
		expect(items.map(({ outcome, reason }) => [outcome, reason])).toEqual([kept, ['done', null], kept]);
		await expectKept();
		const second = await batches.run({ kind: 'delete', ids: [only.id] });
		expect(second.items.map(({ outcome }) => outcome)).toEqual(['done']);
	});

	it('is not deleted while another’s temporary password has expired, or another’s provider is disabled', async () => {
		const other = await api.accounts.makeAdmin();
		await api.accounts.setPasswordState(other.id, { expiresAt: new Date(0) });
		await link(caller.id);
		expect((await send('DELETE', {})).status).toBe(400);
		await configure({ oauth: provider });
		expect((await send('DELETE', {})).status).toBe(200);
	});

	it('is not deleted while password sign-in is off, which the message says', async () => {
		await link(only.id);
		await api.accounts.makeAdmin();
		await configure({ oauth: provider, passwordLogin: { enabled: false } });
		const reply = await send('DELETE', {});
		expect([reply.status, reply.body]).toEqual([
			400,
			message('No other administrator can sign in while password sign-in is off. Link one of them to a provider first.')
		]);
	});
});

describe('an admin is', () => {
	it.each(ways)('%s while another admin can sign in', async (_, method, body) => {
		await api.accounts.makeAdmin();
		expect((await send(method, body)).status).toBe(200);
	});

	it.each(ways)('%s if no admin can sign in already', async (_, method, body) => {
		await api.prisma.user.update({ where: { id: only.id }, data: { password: null } });
		expect((await send(method, body)).status).toBe(200);
	});

	it('not counted as able to sign in once deleted', async () => {
		await api.accounts.makeAdmin({ deletedAt: new Date(), status: 'deleted' });
		expect((await send('DELETE', {})).status).toBe(400);
	});
});
