import type { BrowserContext, ConsoleMessage, Page } from 'playwright/test';

/**
 * Tells what a test provokes from a fault of the page: browsers write an error for every answer with an error status
 * and for every connection that fails. The app's own files and pictures are always there, so their absence is a fault.
 */
function isProvoked(message: ConsoleMessage): boolean {
	const text = message.text();
	if (text.startsWith('WebSocket connection to')) return true;
	if (!text.startsWith('Failed to load resource')) return false;
	if (!text.includes('responded with a status of')) return true;
	const { pathname } = new URL(message.location().url);
	return !/^\/_app\/|\/profile-image$|\.(css|ico|js|png|svg|webmanifest|woff2)$/.test(pathname);
}

/** Collects what no page may write to the console: errors, warnings of the framework, breaches of the content policy. */
export function watchConsole(context: BrowserContext, onComplaint: (complaint: string) => void): void {
	context.on('console', (message) => {
		if (!['error', 'warning'].includes(message.type())) return;
		if (isProvoked(message)) return;
		onComplaint(`${message.text()} ${message.location().url}`);
	});
	context.on('weberror', (error) => onComplaint(String(error.error())));
}

/**
 * Makes pages mark the moment when their script has taken over: SvelteKit listens for going back once it has. They also write every
 * violation of the content policy to the console, even one that a script catches.
 */
export async function markStart(context: BrowserContext): Promise<void> {
	await context.addInitScript(() => {
		document.addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile }) =>
			console.error(`Content policy: ${effectiveDirective} ${blockedURI} ${sourceFile}`)
		);
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
