import { afterEach, describe, expect, it } from 'vitest';
import { useApi } from '#tests/support/api.ts';
import { listenAdmitted, type Listener } from '#tests/support/live.ts';

const api = useApi();
const open: Listener[] = [];
afterEach(() => {
	for (const listener of open.splice(0)) listener.close();
});

async function listen() {
	const { user, token } = await api.accounts.signIn();
	const listener = await listenAdmitted(api.url, { authorization: `Bearer ${token}` });
	open.push(listener);
	const ended = new Promise((resolve) => listener.socket.once('disconnect', resolve));
	return { user, listener, ended };
}

/** Ages the user's sessions by this many days without a notification, as time does. */
async function age(userId: string, days: number): Promise<void> {
	await api.pool.query(`
		SET session_replication_role = replica;
		UPDATE "session" SET "updatedAt" = now() - interval '${String(days)} days' WHERE "userId" = '${userId}';
		SET session_replication_role = origin`);
}

/** Changes the user, which makes the server check their websockets again. */
const touch = (id: string) => api.prisma.user.update({ where: { id }, data: { name: 'Changed' } });

describe('an open websocket', () => {
	it('is closed when its session is too old', async () => {
		const { user, listener, ended } = await listen();
		await age(user.id, 91);
		await touch(user.id);
		await ended;
		expect(listener.names()).toContain('on_session_delete');
	});

	it('stays open while its session is recent enough', async () => {
		const [young, old] = [await listen(), await listen()];
		await age(young.user.id, 89);
		await age(old.user.id, 91);
		await touch(young.user.id);
		await touch(old.user.id);
		await old.ended;
		expect(young.listener.socket.connected).toBe(true);
		expect(young.listener.names()).not.toContain('on_session_delete');
	});
});
