import { beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { useApi } from '#tests/support/api.ts';
import { AuditLog } from '#tests/support/audit.ts';
import { unknownId } from '#tests/support/operations.ts';

const api = useApi();
const Sessions = z.array(z.object({ id: z.uuid() }));
const Keys = z.object({ keys: z.array(z.object({ id: z.uuid() })) });
let admin: Awaited<ReturnType<typeof api.accounts.signInAdmin>>;
let person: Awaited<ReturnType<typeof api.accounts.signIn>>;

beforeEach(async () => {
	admin = await api.accounts.signInAdmin();
	person = await api.accounts.signIn({ name: 'Ben' });
	await api.accounts.makeApiKey(person.user.id);
});

const call = (method: string, path: string) => api.request(method, `/api/admin${path}`, { token: admin.token });
const userPath = () => `/users/${person.user.id}`;
/** Returns the audit events of this admin, newest last. */
const recorded = () => new AuditLog(api, admin.token).read(`user=${admin.user.id}`);
const last = async () => (await recorded()).at(-1);
const about = () => ({ actor: { id: admin.user.id }, subject: { id: person.user.id, name: 'Ben' }, outcome: 'done' });

describe("an admin revoking another user's credentials", () => {
	it('records one session', async () => {
		const [session] = Sessions.parse((await call('GET', `${userPath()}/sessions`)).body);
		expect((await call('DELETE', `${userPath()}/sessions/${session?.id ?? ''}`)).status).toBe(204);
		const object = { kind: 'session', id: session?.id };
		expect(await last()).toMatchObject({ action: 'session.end', object, ...about() });
	});

	it('records all sessions, with their number', async () => {
		await api.accounts.makeSession(person.user.id);
		expect((await call('DELETE', `${userPath()}/sessions`)).status).toBe(204);
		const changes = { sessionsEnded: { from: null, to: 2 } };
		expect(await last()).toMatchObject({ action: 'session.endOthers', changes, ...about() });
	});

	it('records the sessions of all users', async () => {
		expect((await call('DELETE', '/sessions')).status).toBe(204);
		const event = await last();
		expect(event).toMatchObject({ action: 'session.endAllUsers', actor: { id: admin.user.id }, subject: null });
		expect(event?.changes?.['sessionsEnded']?.to).toBeGreaterThanOrEqual(1);
	});

	it('records one API key by its name, and all of them', async () => {
		const [key] = Keys.parse((await call('GET', `${userPath()}/api-keys`)).body).keys;
		expect((await call('DELETE', `${userPath()}/api-keys/${key?.id ?? ''}`)).status).toBe(204);
		expect(await last()).toMatchObject({
			action: 'apiKey.delete',
			object: { kind: 'apiKey', id: key?.id },
			...about()
		});
		await api.accounts.makeApiKey(person.user.id);
		expect((await call('DELETE', `${userPath()}/api-keys`)).status).toBe(204);
		expect(await last()).toMatchObject({ action: 'apiKey.deleteAll', ...about() });
	});

	it('records the PIN', async () => {
		expect((await call('DELETE', `${userPath()}/pin-code`)).status).toBe(204);
		expect(await last()).toMatchObject({ action: 'user.clearPin', ...about() });
	});

	it('records nothing for what does not exist', async () => {
		const before = await recorded();
		for (const path of [`${userPath()}/sessions/${unknownId}`, `${userPath()}/api-keys/${unknownId}`])
			expect((await call('DELETE', path)).status).toBeGreaterThanOrEqual(400);
		expect(await recorded()).toEqual(before);
	});
});
