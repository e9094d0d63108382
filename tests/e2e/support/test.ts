import { test as base } from 'playwright/test';
import { startFreshServer, type TestServer } from '../../support/server.ts';

/** Each spec file gets a new server with an empty database. */
export const test = base.extend<object, { server: TestServer }>({
	server: [
		// eslint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern
		async ({}, use) => {
			const server = await startFreshServer();
			await use(server);
			await server.stop();
		},
		{ scope: 'worker', timeout: 60_000 }
	],
	baseURL: ({ server }, use) => use(server.url)
});

export { expect } from 'playwright/test';
