import type { Browser } from 'playwright/test';
import { expect, it } from 'vitest';
import { Contexts } from '#tests/e2e/support/contexts.ts';

const watched = ['addInitScript', 'exposeBinding', 'exposeFunction', 'routeWebSocket'];

/** A browser of a Playwright in which these methods of pages have another name. */
function browserWithout(missing: readonly string[]): Browser {
	const methods = Object.fromEntries(watched.map((name) => [name, () => Promise.resolve()]));
	const page = Object.fromEntries(Object.entries(methods).filter(([name]) => !missing.includes(name)));
	const clock = missing.includes('install') ? {} : { install: () => Promise.resolve() };
	const context = { ...methods, clock, on: () => undefined, newPage: () => Promise.resolve(page) };
	return { newContext: () => Promise.resolve(context) } as unknown as Browser;
}
const take = (browser: Browser) => new Contexts(browser).take('one file', {}, {}, new Set());

it('takes a context if all changes that cannot be undone are noticed', async () => {
	await expect(take(browserWithout([]))).resolves.toBeDefined();
});

it.each([...watched, 'install'])('refuses a context whose %s would go unnoticed', async (name) => {
	await expect(take(browserWithout([name]))).rejects.toThrow(`Playwright has no method ${name}`);
});
