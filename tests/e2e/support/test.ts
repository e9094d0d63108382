import { expect, test as base, type BrowserContextOptions, type Page } from 'playwright/test';
import type { FreshServer } from '../../support/server.ts';
import type { Person, Seed } from './accounts.ts';
import { Servers } from './servers.ts';
import { markStart, watchConsole } from './watch.ts';

interface TestFixtures {
	/** The spec file's own server, with an empty database when the file begins. */
	readonly server: FreshServer;
	/** Registers the first administrator, and makes accounts. */
	readonly seed: Seed;
	/** A page in which the first administrator is signed in. */
	readonly adminPage: Page;
	/** Opens a page in a browser context of its own, where this person is signed in, or nobody. */
	readonly visit: (person?: Person | null, options?: BrowserContextOptions) => Promise<Page>;
	/** What the pages of this test have complained of; the test fails when it is not empty at the end. */
	readonly complaints: Set<string>;
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
	// eslint-disable-next-line no-empty-pattern -- see above
	complaints: async ({}, use) => {
		const complaints = new Set<string>();
		await use(complaints);
		expect([...complaints]).toEqual([]);
	},
	context: async ({ context, complaints }, use) => {
		watchConsole(context, complaints);
		await markStart(context);
		await use(context);
	},
	adminPage: async ({ seed, context, page }, use) => {
		await seed.signIn(context, seed.admin);
		await use(page);
	},
	visit: async ({ servers, browser, baseURL, complaints }, use, { file }) => {
		const contexts: Awaited<ReturnType<typeof browser.newContext>>[] = [];
		await use(async (person = null, options = {}) => {
			const context = await browser.newContext({ ...(baseURL !== undefined && { baseURL }), ...options });
			contexts.push(context);
			watchConsole(context, complaints);
			await markStart(context);
			if (person) await (await servers.seedOf(file)).signIn(context, person);
			return context.newPage();
		});
		for (const context of contexts) await context.close();
	}
});

export { expect } from 'playwright/test';
