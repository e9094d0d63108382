import type { BrowserContext, Page } from 'playwright/test';

/** What browsers write for every answer with an error status, and for a connection that is not made; what a test provokes is no fault of the page. */
const refusals = ['Failed to load resource', 'WebSocket connection to'];

/** Collects what no page may write to the console: errors, warnings of the framework, breaches of the content policy. */
export function watchConsole(context: BrowserContext, complaints: Set<string>): void {
	context.on('console', (message) => {
		if (!['error', 'warning'].includes(message.type())) return;
		if (refusals.some((start) => message.text().startsWith(start))) return;
		complaints.add(message.text());
	});
	context.on('weberror', (error) => complaints.add(String(error.error())));
}

/** Makes pages tell when their script has taken over: SvelteKit listens for going back once it has. */
export async function markStart(context: BrowserContext): Promise<void> {
	await context.addInitScript(() => {
		const addEventListener = window.addEventListener.bind(window);
		window.addEventListener = (...given: Parameters<typeof addEventListener>) => {
			addEventListener(...given);
			if (given[0] === 'popstate') document.documentElement.dataset['started'] = '';
		};
	});
}

/** Waits until the page's script has taken over. */
export const started = (page: Page): Promise<unknown> => page.waitForSelector('html[data-started]');

/** Opens a page and waits until its script has taken over. */
export async function open(page: Page, path: string): Promise<void> {
	await page.goto(path);
	await started(page);
}
