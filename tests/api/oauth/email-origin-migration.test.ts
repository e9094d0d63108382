import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { migrationsDir } from '#tests/support/database.ts';
import { TwoProviders } from '#tests/support/two-providers.ts';

const api = useApi();
let providers: TwoProviders;

beforeAll(async () => {
	providers = await TwoProviders.start(api);
});
afterAll(() => providers.close());
beforeEach(async () => {
	await api.reset();
	const { token } = await api.accounts.signInAdmin();
	await providers.configure(token);
});

const boss = 'boss@example.test';
const findEmailOrigin = (userId: string) => api.prisma.emailOrigin.findUnique({ where: { userId } });

describe('migrating an earlier database', () => {
	/** Runs the migration again, as on a database that lacks it. */
	async function migrate() {
		await api.pool.query('DROP TABLE immich_auth.email_origin');
		await api.pool.query('ALTER TABLE immich_auth.oauth_identity DROP COLUMN "linkedBy", DROP COLUMN "verifiedEmail"');
		await api.pool.query(await readFile(path.join(migrationsDir, '20261129010100_email_origin/migration.sql'), 'utf8'));
	}

	it.each([
		['user.create', 'admin'],
		['user.update', 'admin'],
		['auth.signUp', 'admin'],
		['profile.update', 'self'],
		['password.change', 'self'],
		['oauth.register', 'self']
	])('takes the source from the last event about the email: %s gives %s', async (action, origin) => {
		const user = await api.accounts.makeUser({ email: boss }, null);
		const base = { subjectId: user.id, changes: { email: { from: 'old@example.test', to: boss } } };
		const at = new Date(Date.now() - 30_000);
		await api.prisma.auditEvent.create({ data: { ...base, action: 'user.create', at: new Date(Date.now() - 60_000) } });
		await api.prisma.auditEvent.create({ data: { ...base, action, at } });
		await api.prisma.auditEvent.create({ data: { ...base, action, outcome: 'refused' } });
		await api.prisma.auditEvent.create({
			data: { subjectId: user.id, action: 'profile.update', changes: { name: {} } }
		});
		await migrate();
		const since = ['user.update', 'profile.update', 'password.change'].includes(action) ? at : user.createdAt;
		expect(await findEmailOrigin(user.id)).toMatchObject({ email: boss, origin, since });
	});

	it('records no source for an email that was changed in the database or set by Immich', async () => {
		const changed = await api.accounts.makeUser({}, null);
		await api.prisma.auditEvent.create({
			data: { action: 'user.create', subjectId: changed.id, changes: { email: { from: null, to: 'a@b.test' } } }
		});
		const made = await api.accounts.makeUser({}, null);
		await migrate();
		expect([await findEmailOrigin(changed.id), await findEmailOrigin(made.id)]).toEqual([null, null]);
	});

	it('keeps identities, those of registered users as unverified', async () => {
		const registered = await providers.enter('immich', { sub: 'ann', email: 'ann@example.test' });
		const { user, token } = await api.accounts.signIn();
		await providers.link('club', { sub: 'bob', email: 'bob@example.test' }, token);
		await migrate();
		const rows = await api.prisma.oAuthIdentity.findMany({
			select: { userId: true, linkedBy: true, verifiedEmail: true }
		});
		expect(rows).toHaveLength(2);
		expect(rows).toContainEqual({ userId: registered.userId, linkedBy: 'registration', verifiedEmail: null });
		expect(rows).toContainEqual({ userId: user.id, linkedBy: 'session', verifiedEmail: null });
		expect((await providers.enter('immich', { sub: 'ann', email: 'ann@example.test' })).userId).toBe(registered.userId);
	});
});
