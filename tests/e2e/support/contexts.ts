import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright/test';
import { markStart, waitForScripts, watchConsole } from './watch.ts';

interface Kept {
	readonly key: string;
	readonly options: BrowserContextOptions;
	readonly context: BrowserContext;
	readonly page: Page;
	/** The complaints of the test that uses it. */
	complaints: Set<string>;
	/** Whether a test added something that cannot be removed again. */
	isSpent: boolean;
}

/** A response of the server under test without a script. */
const quietPath = '/api/server/ping';
const resetTimeoutMs = 15_000;
const defaultViewport = { width: 1280, height: 720 };

/**
 * Reuses browser contexts within a spec file: a new one costs a new process with cold caches, most of the cost of a short
 * test. Between two tests a context loses its cookies, storage, other pages, and all settings of the test.
 */
export class Contexts {
	readonly #browser: Browser;
	#file = '';
	#idle: Kept[] = [];
	#used = new Map<BrowserContext, Kept>();

	constructor(browser: Browser) {
		this.#browser = browser;
	}

	/** Returns a context with one page; `settings` are the values of `test.use`, which Playwright adds to the options. */
	async take(
		file: string,
		options: BrowserContextOptions,
		settings: unknown,
		complaints: Set<string>
	): Promise<BrowserContext> {
		if (file !== this.#file) await this.close();
		this.#file = file;
		const key = JSON.stringify([options, settings]);
		const index = this.#idle.findIndex((kept) => kept.key === key);
		const kept = this.#idle.splice(index, index < 0 ? 0 : 1)[0] ?? (await this.#make(key, options, complaints));
		kept.complaints = complaints;
		this.#used.set(kept.context, kept);
		return kept.context;
	}

	async giveBack(context: BrowserContext): Promise<void> {
		const kept = this.#used.get(context);
		this.#used.delete(context);
		await removeRoutes(context);
		if (kept && !kept.isSpent && (await reset(kept))) this.#idle.push(kept);
		else await context.close();
	}

	async close(): Promise<void> {
		for (const { context } of this.#idle.splice(0)) await context.close();
	}

	async #make(key: string, options: BrowserContextOptions, complaints: Set<string>): Promise<Kept> {
		const context = await this.#browser.newContext(options);
		await markStart(context);
		context.on('page', waitForScripts);
		const kept = { key, options, context, page: await context.newPage(), complaints, isSpent: false };
		watchConsole(context, (complaint) => kept.complaints.add(complaint));
		const spend = () => (kept.isSpent = true);
		for (const owner of [context, kept.page])
			for (const name of ['addInitScript', 'exposeBinding', 'exposeFunction', 'routeWebSocket'])
				notify(owner, name, spend);
		notify(context.clock, 'install', spend);
		return kept;
	}
}

/** Calls `heard` before each call of a method. */
function notify(owner: object, name: string, heard: () => void): void {
	const method: unknown = Reflect.get(owner, name);
	if (typeof method !== 'function') throw new Error(`Playwright has no method ${name}`);
	Reflect.set(owner, name, (...given: unknown[]): unknown => {
		heard();
		const answer: unknown = Reflect.apply(method, owner, given);
		return answer;
	});
}

/** Removes all routes, before their pages close: a handler that still waits for its page would fail the test. */
async function removeRoutes(context: BrowserContext): Promise<void> {
	for (const owner of [...context.pages(), context]) await owner.unrouteAll({ behavior: 'ignoreErrors' });
}

/** Resets a context; returns false on failure. */
async function reset({ context, page, options }: Kept): Promise<boolean> {
	try {
		for (const other of context.pages()) if (other !== page) await other.close();
		// Without listeners, Playwright itself dismisses dialogs.
		for (const event of ['dialog', 'request', 'websocket'] as const) page.removeAllListeners(event);
		for (const event of ['dialog', 'request'] as const) context.removeAllListeners(event);
		await context.setOffline(false);
		// Before the cookies are cleared: a page that still loads something would be refused it, and log a complaint. A page
		// of the same server keeps the process; about:blank would end it.
		await page.goto(new URL(quietPath, options.baseURL).href, { timeout: resetTimeoutMs });
		await context.clearCookies();
		await context.clearPermissions();
		const viewport = options.viewport ?? defaultViewport;
		await page.setViewportSize(viewport);
		await page.emulateMedia({ colorScheme: options.colorScheme ?? 'light' });
		await page.evaluate(() => {
			localStorage.clear();
			sessionStorage.clear();
		});
		return true;
	} catch {
		return false;
	}
}
