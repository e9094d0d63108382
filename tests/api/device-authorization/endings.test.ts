import { beforeEach, describe, expect, it } from 'vitest';
import { password } from '#tests/support/accounts.ts';
import { buildCookie, useApi } from '#tests/support/api.ts';
import { AuditBlock } from '#tests/support/audit-block.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { answer, approve, clientName, Program } from '#tests/support/device.ts';
import { userRow, whileItWaits } from '#tests/support/held.ts';
import { anyUuid, message } from '#tests/support/shapes.ts';

const api = useApi({ isOwn: true });
beforeEach(() => api.reset());

const start = () => Program.start(api.request);
type SignedIn = Awaited<ReturnType<typeof api.accounts.signIn>>;
const newPassword = 'a password of my own';

async function ownSession({ token }: SignedIn): Promise<string> {
	const { body } = await api.request('GET', '/api/sessions', { token });
	return (body as { id: string; current: boolean }[]).find(({ current }) => current)?.id ?? '';
}
const adminDoes = async (method: string, path: string, body?: unknown) => {
	const { token } = await api.accounts.signInAdmin();
	const reply = await api.request(method, path, { token, ...(body !== undefined && { body }) });
	expect(reply.status, reply.text).toBeLessThan(300);
};

/** Everything that voids an approval before the program takes its token. */
const endings: readonly (readonly [string, (person: SignedIn) => Promise<unknown>])[] = [
	['the user signs out', ({ token }) => api.request('POST', '/api/auth/logout', { token })],
	[
		'the session is ended elsewhere',
		async (person) => {
			const other = await api.accounts.makeSession(person.user.id);
			await api.request('DELETE', `/api/sessions/${await ownSession(person)}`, { token: other });
		}
	],
	['an admin ends the sessions', ({ user }) => adminDoes('DELETE', `/api/admin/users/${user.id}/sessions`)],
	[
		'the session expires',
		({ user }) => api.pool.query(`UPDATE "session" SET "expiresAt" = now() WHERE "userId" = $1`, [user.id])
	],
	[
		'the session has not been used for long',
		({ user }) =>
			// Without the trigger that sets it.
			api.pool.query(`BEGIN; SET LOCAL session_replication_role = replica;
				UPDATE "session" SET "updatedAt" = now() - interval '91 days' WHERE "userId" = '${user.id}'; COMMIT`)
	],
	['the user is deleted', ({ user }) => adminDoes('DELETE', `/api/admin/users/${user.id}`)],
	['the user is removed', ({ user }) => adminDoes('DELETE', `/api/admin/users/${user.id}`, { force: true })],
	['the password is reset', ({ user }) => adminDoes('POST', `/api/admin/users/${user.id}/reset-password`, {})],
	[
		'a password change is required',
		({ user }) => adminDoes('POST', `/api/admin/users/${user.id}/force-password-change`)
	],
	[
		'the password is changed in the session that approved',
		async ({ token }) => {
			const body = { password, newPassword, invalidateSessions: false };
			expect((await api.request('POST', '/api/auth/change-password', { token, body })).status).toBe(200);
		}
	]
];

describe('an approval is void once', () => {
	it.each(endings)('%s', async (_, end) => {
		const person = await api.accounts.signIn();
		const program = await start();
		await approve(api, person.token, program);
		await end(person);
		const count = await api.accounts.countSessions(person.user.id);
		expect(await program.refusal()).toEqual({ error: 'invalid_grant' });
		expect(await api.accounts.countSessions(person.user.id)).toBe(count);
		const { token } = await api.accounts.signInAdmin();
		expect(await new AuditLog(api, token).read('action=auth.signIn')).toEqual([]);
	});

	// The statement that starts the session checks these once more, because they may happen after the session was read.
	it.each([
		['the session ends', `DELETE FROM "session" WHERE "userId" = $1`],
		['the user is deleted', `UPDATE "user" SET "deletedAt" = now() WHERE "id" = $1`],
		['the password changes', `UPDATE "user" SET "password" = 'another' WHERE "id" = $1`]
	])('%s, while the token is taken', async (_, change) => {
		const { user, token } = await api.accounts.signIn();
		const program = await start();
		await approve(api, token, program);
		const count = await api.accounts.countSessions(user.id);
		const poll = () => program.refusal();
		expect(await whileItWaits(api, [change, [user.id]], poll, () => Promise.resolve())).toEqual({
			error: 'invalid_grant'
		});
		expect(await api.accounts.countSessions(user.id)).toBeLessThanOrEqual(count);
	});

	it('all sessions have ended, by someone who locked the user before', async () => {
		const { user, token } = await api.accounts.signIn();
		const program = await start();
		await approve(api, token, program);
		const end = () => api.prisma.session.deleteMany({ where: { userId: user.id } });
		expect(await whileItWaits(api, userRow(user.id), () => program.refusal(), end)).toEqual({ error: 'invalid_grant' });
		expect(await api.accounts.countSessions(user.id)).toBe(0);
	});
});

describe('approving', () => {
	it('is refused for an API key, even with all permissions', async () => {
		const { user } = await api.accounts.signIn();
		const apiKey = await api.accounts.makeApiKey(user.id, ['all']);
		const program = await start();
		for (const name of ['approve', 'deny']) {
			const form = { code: program.userCode };
			const reply = await api.request('POST', `/device?/${name}`, { form, apiKey, headers: { accept: 'text/html' } });
			expect(reply.status).toBe(400);
			expect(reply.text).toContain('sign in with a browser first');
		}
		expect(await program.refusal()).toEqual({ error: 'authorization_pending' });
	});

	it('is refused for a child session, and for a session that a program got', async () => {
		const { token } = await api.accounts.signIn();
		const { body } = await api.request('POST', '/api/sessions', { token, body: {} });
		const first = await start();
		await approve(api, token, first);
		const tokens = [(body as { token: string }).token, await first.takeToken()];
		const program = await start();
		for (const lesser of tokens) {
			const reply = await answer(api, lesser, 'approve', program.userCode);
			expect(reply.status).toBe(400);
			expect(reply.text).toContain('sign in with a browser first');
		}
		expect(await program.refusal()).toEqual({ error: 'authorization_pending' });
	});

	it('leads to the password change while one is required', async () => {
		const { user, token } = await api.accounts.signIn({ shouldChangePassword: true });
		await api.accounts.setPasswordState(user.id);
		const program = await start();
		const reply = await answer(api, token, 'approve', program.userCode);
		expect([reply.status, reply.headers.location]).toEqual([303, '/auth/change-password']);
		expect(await program.refusal()).toEqual({ error: 'authorization_pending' });
	});

	it('is refused if the session ends meanwhile', async () => {
		const { user, token } = await api.accounts.signIn();
		const program = await start();
		const reply = await whileItWaits(
			api,
			userRow(user.id),
			() => answer(api, token, 'approve', program.userCode),
			() => api.prisma.session.deleteMany({ where: { userId: user.id } })
		);
		expect(reply.status).toBe(401);
		expect(await program.refusal()).toEqual({ error: 'authorization_pending' });
	});

	it('leads a signed-out visitor to the sign-in, with the code', async () => {
		const headers = { accept: 'text/html' };
		const reply = await api.request('GET', '/device?code=BCDF-GHJK', { headers });
		expect([reply.status, reply.headers.location]).toEqual([303, '/auth/login?continue=%2Fdevice%3Fcode%3DBCDF-GHJK']);
		expect((await api.submit('/device?/approve', { code: 'BCDF-GHJK' })).status).toBe(303);
	});

	it('is refused from another site, and never happens by opening the link', async () => {
		const { token } = await api.accounts.signIn();
		const program = await start();
		const headers = { host: new URL(api.url).host, accept: 'text/html' };
		for (const path of [`/device?code=${program.userCode}`, `/device?/approve&code=${program.userCode}`])
			expect((await api.request('GET', path, { cookie: buildCookie(token), headers })).status).toBe(200);
		const foreign = await api.request('POST', '/device?/approve', {
			form: { code: program.userCode },
			cookie: buildCookie(token),
			headers: { ...headers, origin: 'https://evil.example.test' }
		});
		expect(foreign.status).toBe(403);
		expect(await program.refusal()).toEqual({ error: 'authorization_pending' });
	});

	it('works once per code: the second user is told that it has been used', async () => {
		const [one, another] = [await api.accounts.signIn(), await api.accounts.signIn()];
		const program = await start();
		await approve(api, one.token, program);
		for (const name of ['find', 'approve', 'deny'] as const) {
			const reply = await answer(api, another.token, name, program.userCode);
			expect(reply.status).toBe(400);
			expect(reply.text).toContain('This code has been used already');
		}
		await program.takeToken();
		expect(await api.accounts.countSessions(one.user.id)).toBe(2);
		expect(await api.accounts.countSessions(another.user.id)).toBe(1);
	});

	it('shows who is asking first, with the address and the software', async () => {
		const { token } = await api.accounts.signIn();
		const program = await Program.start(api.request, {
			'x-forwarded-for': '203.0.113.7',
			'user-agent': 'immich-auth/0.1.0'
		});
		const { status, text } = await answer(api, token, 'find', program.userCode);
		expect(status).toBe(200);
		for (const shown of [clientName, program.userCode, '203.0.113.7', 'immich-auth 0.1.0'])
			expect(text).toContain(shown);
	});
});

describe('a program’s session', () => {
	it('is not a recent sign-in', async () => {
		const { user, token } = await api.accounts.signIn();
		const program = await start();
		await approve(api, token, program);
		const body = { email: 'another@example.test' };
		const byProgram = await api.request('PUT', '/api/users/me', { token: await program.takeToken(), body });
		expect([byProgram.status, byProgram.body]).toEqual([400, message('Current password is required')]);
		expect((await api.request('PUT', '/api/users/me', { token, body })).status).toBe(200);
		expect((await api.accounts.findUser(user.id)).email).toBe(body.email);
	});

	it('outlives the one that approved it', async () => {
		const { token } = await api.accounts.signIn();
		const program = await start();
		await approve(api, token, program);
		const accessToken = await program.takeToken();
		await api.request('POST', '/api/auth/logout', { token });
		expect((await api.request('GET', '/api/users/me', { token: accessToken })).status).toBe(200);
	});

	it('ends with the others after a reset', async () => {
		const { user, token } = await api.accounts.signIn();
		const program = await start();
		await approve(api, token, program);
		const accessToken = await program.takeToken();
		await adminDoes('POST', `/api/admin/users/${user.id}/reset-password`, {});
		expect((await api.request('GET', '/api/users/me', { token: accessToken })).status).toBe(401);
	});
});

it('is audited: approved, denied and signed in, and not without the event', async () => {
	const block = new AuditBlock(api);
	await block.prepare();
	const { user, token } = await api.accounts.signIn({ name: 'Ada' });
	const [approved, denied] = [await start(), await start()];
	await block.tryInVain('deviceAuthorization.approve', () => answer(api, token, 'approve', approved.userCode));
	await block.tryInVain('deviceAuthorization.deny', () => answer(api, token, 'deny', denied.userCode));
	await approve(api, token, approved);
	await answer(api, token, 'deny', denied.userCode);
	await approved.takeToken();
	const { token: admin } = await api.accounts.signInAdmin();
	const log = new AuditLog(api, admin);
	expect(await log.story(`user=${user.id}`)).toEqual([
		'Ada: deviceAuthorization.approve',
		'Ada: deviceAuthorization.deny',
		'Ada: auth.signIn'
	]);
	const [event] = await log.read(`user=${user.id}`);
	expect(event?.object).toEqual({ kind: 'deviceAuthorization', id: anyUuid, label: clientName });
});
