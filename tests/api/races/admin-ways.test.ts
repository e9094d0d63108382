import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SystemConfig } from '#lib/contract/settings/document/index.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { Batches } from '#tests/support/batches.ts';
import { openPage } from '#tests/support/forms.ts';
import { advisoryLock, whileItWaits } from '#tests/support/held.ts';
import { findForms } from '#tests/support/html-form.ts';
import { LinkedCrowd } from '#tests/support/oauth-crowd.ts';
import { Snapshot } from '#tests/support/snapshot.ts';
import { TwoProviders } from '#tests/support/two-providers.ts';

const api = useApi();
const admins = advisoryLock('immich_auth.admins');
let providers: TwoProviders;
/** Ann is an admin with a password, linked to both providers. The caller is an admin with a password only. */
let crowd: LinkedCrowd;
let ann = '';
let linked: Snapshot | undefined;

beforeAll(async () => {
	providers = await TwoProviders.start(api);
});
afterAll(async () => {
	await linked?.drop();
	await providers.close();
});
beforeEach(async () => {
	if (linked) return linked.restore();
	await api.reset();
	crowd = await LinkedCrowd.start(api, providers);
	ann = crowd.id('ann');
	await api.prisma.user.update({ where: { id: ann }, data: { isAdmin: true } });
	linked = await Snapshot.take(api.pool);
});

/** Switches password sign-in off as another instance whose notification has not arrived yet. */
async function switchOffPasswords(): Promise<void> {
	const client = await api.pool.connect();
	try {
		await client.query('BEGIN');
		await client.query('SET LOCAL session_replication_role = replica');
		await client.query(
			`UPDATE "system_metadata" SET "value" = jsonb_set("value", '{passwordLogin}', '{"enabled": false}')
			WHERE "key" = 'system-config'`
		);
		await client.query('COMMIT');
	} finally {
		client.release();
	}
}

const isAdmin = async () => {
	const { isAdmin: isKept, deletedAt } = await api.accounts.findUser(ann);
	return isKept && deletedAt === null;
};
const runBatch = (kind: string) => async () => {
	const { items } = await new Batches(api, crowd.adminToken).run({ kind, ids: [ann] });
	return items[0]?.outcome ?? null;
};
const call = (method: string, getPath: () => string, body?: object) => async () =>
	(await crowd.asAdmin(method, getPath(), body)).status;
const userPath = () => `/api/admin/users/${ann}`;

const removals: [string, () => Promise<unknown>, unknown, unknown][] = [
	['deletion', call('DELETE', userPath, {}), 200, 400],
	['permanent deletion', call('DELETE', userPath, { force: true }), 200, 400],
	['demotion', call('PUT', userPath, { isAdmin: false }), 200, 400],
	['bulk deletion', runBatch('delete'), 'done', 'failed'],
	['unlinking', call('DELETE', () => `${userPath()}/oauth`), 200, 400],
	['unlinking of everyone', call('POST', () => '/api/admin/auth/unlink-all'), 204, 400],
	['bulk unlinking', runBatch('unlinkOAuth'), 'done', 'failed']
];

describe.each(removals)('the %s of an admin', (_, remove, done, refused) => {
	it('is refused if another instance has just switched off what the other admins sign in with', async () => {
		expect(await whileItWaits(api, admins, remove, switchOffPasswords)).toBe(refused);
		expect(await isAdmin()).toBe(true);
		expect(await crowd.links()).toEqual(expect.arrayContaining(['ann/club', 'ann/immich']));
	});

	it('is done if the ways to sign in stay', async () => {
		expect(await whileItWaits(api, admins, remove, () => Promise.resolve())).toBe(done);
	});
});

describe('a role claim', () => {
	const demote = () => providers.signIn('club', { ...crowd.claims('ann'), immich_role: 'user' });

	it('is ignored if another instance has just switched off what the other admins sign in with', async () => {
		expect((await whileItWaits(api, admins, demote, switchOffPasswords)).status).toBe(201);
		expect(await isAdmin()).toBe(true);
	});

	it('is followed if the ways to sign in stay', async () => {
		expect((await whileItWaits(api, admins, demote, () => Promise.resolve())).status).toBe(201);
		expect(await isAdmin()).toBe(false);
	});
});

describe('switching off password sign-in', () => {
	const switchOff = async () => {
		const page = '/admin/settings/passwordLogin';
		const form = findForms(await openPage(api, page, crowd.adminToken)).find(({ names }) => names.includes('base'));
		const fields = Object.entries(form?.fields ?? {}).filter(([field]) => field !== 'enabled');
		return (await api.submit(`${page}?/save`, Object.fromEntries(fields), buildCookie(crowd.adminToken))).status;
	};

	// The snapshot would leave it in the server's memory.
	afterEach(async () => {
		const config = (await crowd.asAdmin('GET', '/api/admin/config')).body as SystemConfig;
		const body = { ...config, passwordLogin: { enabled: true } };
		expect((await crowd.asAdmin('PUT', '/api/admin/config', body)).status).toBe(200);
	});

	it.each([
		['deleted', () => api.prisma.user.update({ where: { id: ann }, data: { deletedAt: new Date() } })],
		['demoted', () => api.prisma.user.update({ where: { id: ann }, data: { isAdmin: false } })],
		['unlinked', () => api.prisma.oAuthIdentity.deleteMany({ where: { userId: ann } })]
	])('is refused if the only linked admin has just been %s', async (_, change) => {
		await api.prisma.user.update({ where: { id: ann }, data: { oauthId: '' } });
		expect(await whileItWaits(api, admins, switchOff, change)).toBe(400);
	});

	it('is done while a linked admin stays', async () => {
		expect(await whileItWaits(api, admins, switchOff, () => Promise.resolve())).toBe(303);
	});
});

it('a user linked by Immich signs in for the first time without a deadlock with a deletion', async () => {
	const user = await api.accounts.makeUser({ email: 'dora@example.test', oauthId: 'dora' });
	const signIn = () => providers.signIn('immich', { sub: 'dora', email: user.email, email_verified: true });
	const lockRow = () => api.pool.query(`SELECT 1 FROM "user" WHERE "id" = '${user.id}' FOR UPDATE NOWAIT`);
	expect((await whileItWaits(api, admins, signIn, lockRow)).status).toBe(201);
});
