import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LoginResponseDto } from '#lib/contract/sign-in/auth.ts';
import { password } from '#tests/support/accounts.ts';
import { createEmptyDatabase, type TestDatabase } from '#tests/support/database.ts';
import { createSender } from '#tests/support/http.ts';
import { startServer, type TestServer } from '#tests/support/server.ts';

describe('two servers starting at the same time on an empty database', () => {
	let database: TestDatabase;
	let servers: TestServer[] = [];
	let senders: ReturnType<typeof createSender>[] = [];

	beforeAll(async () => {
		database = await createEmptyDatabase();
		const start = () => startServer({ DATABASE_URL: database.url });
		servers = await Promise.all([start(), start()]);
		senders = servers.map(({ url }) => createSender(url));
	});

	afterAll(async () => {
		for (const { close } of senders) close();
		await Promise.all(servers.map((server) => server.stop()));
		await database.close();
	});

	it('create only one first admin', async () => {
		const body = { email: 'admin@example.test', password, name: 'Ada' };
		const replies = await Promise.all(senders.map(({ send }) => send('POST', '/api/auth/admin-sign-up', { body })));
		expect(replies.map(({ status }) => status).sort()).toEqual([201, 400]);
		expect(await database.prisma.user.count()).toBe(1);
	});

	it("accept each other's tokens and revoke them together", async () => {
		const [one, other] = senders;
		const login = await one?.send('POST', '/api/auth/login', { body: { email: 'admin@example.test', password } });
		const { accessToken: token } = LoginResponseDto.parse(login?.body);
		expect((await other?.send('GET', '/api/users/me', { token }))?.status).toBe(200);
		await other?.send('POST', '/api/auth/logout', { token });
		expect((await one?.send('GET', '/api/users/me', { token }))?.status).toBe(401);
	});
});
