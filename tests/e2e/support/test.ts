import { expect, test as base, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright/test';
import type { FreshServer } from '../../support/server.ts';
import type { TestUser, Seed } from './accounts.ts';
import { Contexts } from './contexts.ts';
import { Servers } from './servers.ts';

interface TestFixtures {
	/** The spec file's own server, with an empty database when the file starts. */
	readonly server: FreshServer;
	/** Creates the first admin and other users. */
	readonly seed: Seed;
	/** A page in which the first admin is signed in. */
	readonly adminPage: Page;
	/** Opens a page in its own browser context, signed in as this user, or signed out. */
	readonly visit: (person?: TestUser | null, options?: BrowserContextOptions) => Promise<Page>;
	/** The console errors of this test's pages; the test fails if there are any at the end. */
	readonly complaints: Set<string>;
	/** The context options from `test.use`. */
	readonly settings: object;
}

export const test = base.extend<TestFixtures, { servers: Servers; contexts: Contexts }>({
	servers: [
		// eslint-disable-next-line no-empty-pattern -- Playwright reads a fixture's dependencies from this pattern
		async ({}, use) => {
			const servers = new Servers();
			await use(servers);
			await servers.stop();
		},
		{ scope: 'worker', timeout: 60_000 }
	],
	contexts: [
		async ({ browser }, use) => {
			const contexts = new Contexts(browser);
			await use(contexts);
			await contexts.close();
		},
		{ scope: 'worker' }
	],
	server: async ({ servers }, use, { file }) => use(await servers.of(file)),
	seed: async ({ servers }, use, { file }) => use(await servers.getSeed(file)),
	baseURL: ({ server }, use) => use(server.url),
	// eslint-disable-next-line no-empty-pattern -- see above
	complaints: async ({}, use) => {
		const complaints = new Set<string>();
		await use(complaints);
		expect([...complaints]).toEqual([]);
	},
	settings: async ({ contextOptions, javaScriptEnabled, viewport, colorScheme, hasTouch, isMobile }, use) =>
		use({ contextOptions, javaScriptEnabled, viewport, colorScheme, hasTouch, isMobile }),
	context: async ({ contexts, baseURL, settings, complaints }, use, { file }) => {
		const context = await contexts.take(file, at(baseURL), settings, complaints);
		await use(context);
		await contexts.giveBack(context);
	},
	page: async ({ context }, use) => use(getPage(context)),
	adminPage: async ({ seed, context, page }, use) => {
		await seed.signIn(context, seed.admin);
		await use(page);
	},
	visit: async ({ servers, contexts, baseURL, settings, complaints }, use, { file }) => {
		const taken: BrowserContext[] = [];
		await use(async (person = null, options = {}) => {
			const context = await contexts.take(file, { ...at(baseURL), ...options }, settings, complaints);
			taken.push(context);
			if (person) await (await servers.getSeed(file)).signIn(context, person);
			return getPage(context);
		});
		for (const context of taken) await contexts.giveBack(context);
	}
});

const at = (baseURL: string | undefined) => (baseURL === undefined ? {} : { baseURL });

function getPage(context: BrowserContext): Page {
	const [page] = context.pages();
	if (!page) throw new Error('This context has no page');
	return page;
}

export { expect } from 'playwright/test';
