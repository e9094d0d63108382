import { test as base, type Page } from 'playwright/test';
import type { TestServer } from '../../support/server.ts';
import type { Seed } from './accounts.ts';
import { Servers } from './servers.ts';

interface TestFixtures {
	/** The spec file's own server, with an empty database at the file's beginning. */
	readonly server: TestServer;
	/** Registers the first administrator, and makes accounts. */
	readonly seed: Seed;
	/** A page in which the first administrator is signed in. */
	readonly adminPage: Page;
}

export const test = base.extend<TestFixtures, { servers: Servers }>({
	servers: [
		// eslint-disable-next-line no-empty-pattern -- Playwright reads a fixture's needs from this pattern
		async ({}, use) => {
			const servers = new Servers();
			await use(servers);
			await servers.stop();
		},
		{ scope: 'worker', timeout: 60_000 }
	],
	server: async ({ servers }, use, { file }) => use(await servers.of(file)),
	seed: async ({ servers }, use, { file }) => use(await servers.seedOf(file)),
	baseURL: ({ server }, use) => use(server.url),
	adminPage: async ({ seed, context, page }, use) => {
		await seed.signIn(context, seed.admin);
		await use(page);
	}
});

export { expect } from 'playwright/test';
