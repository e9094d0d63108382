import type { BrowserContext, ConsoleMessage, Page, Response } from 'playwright/test';

/**
 * Distinguishes errors that a test provokes from faults of the page: browsers log an error for every error status and every
 * failed connection. The app's own files and pictures always exist, so a missing one is a fault.
 */
function isProvoked(message: ConsoleMessage): boolean {
	const text = message.text();
	if (text.startsWith('WebSocket connection to')) return true;
	if (!text.startsWith('Failed to load resource')) return false;
	if (!text.includes('responded with a status of')) return true;
	const { pathname } = new URL(message.location().url);
	return !/^\/_auth\/|\/profile-image$|\.(css|ico|js|png|svg|webmanifest|woff2)$/.test(pathname);
}

/** Collects what no page should log to the console: errors, framework warnings, violations of the content policy. */
export function watchConsole(context: BrowserContext, onComplaint: (complaint: string) => void): void {
	context.on('console', (message) => {
		if (!['error', 'warning'].includes(message.type())) return;
		if (isProvoked(message)) return;
		onComplaint(`${message.text()} ${message.location().url}`);
	});
	context.on('weberror', (error) => onComplaint(String(error.error())));
}

/**
 * Makes pages mark when their script has started: SvelteKit then listens for popstate. They also log every violation of the
 * content policy to the console, even one that a script catches.
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

/** Waits until the page's script has started. */
export const started = (page: Page): Promise<unknown> => page.waitForSelector('html[data-started]');

/**
 * Makes navigation wait for the page's script: before that, a click or a keystroke does less than in a started page.
 * Pages without our script, without JavaScript, and navigation that waits only for `commit` are not affected.
 */
export function waitForScripts(page: Page): void {
	for (const name of ['goto', 'reload', 'goBack', 'goForward'] as const) {
		const navigate = page[name].bind(page) as (...given: unknown[]) => Promise<Response | null>;
		const navigateAndWait = async (...given: unknown[]) => {
			const response = await navigate(...given);
			const options = given.at(-1);
			const isEarly = typeof options === 'object' && options !== null && 'waitUntil' in options;
			if (!isEarly) await page.waitForFunction(hasStarted);
			return response;
		};
		Object.assign(page, { [name]: navigateAndWait });
	}
}

/** Whether the page's script has started, or there is none to wait for. */
function hasStarted(): boolean {
	const { classList, dataset } = document.documentElement;
	const isOurs = [...document.scripts].some(({ text }) => text.includes('__sveltekit_'));
	return !isOurs || !classList.contains('js') || 'started' in dataset;
}
