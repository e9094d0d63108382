import type { Page } from 'playwright/test';
import { namesIn } from '../support/pages.ts';
import { getTestUsers } from '../support/test-users.ts';
import { expect, test } from '../support/test.ts';

const skeleton = (page: Page) => page.locator('[data-skeleton]');

/** Holds back the pages' data until released. */
async function holdData(page: Page): Promise<() => void> {
	let letGo = () => {};
	const released = new Promise<void>((resolve) => (letGo = resolve));
	await page.route('**/__data.json**', async (route) => {
		await released;
		await route.continue();
	});
	return letGo;
}

/** Sums the layout shifts, including those right after a click. */
async function watchShifts(page: Page): Promise<() => Promise<number>> {
	await page.evaluate(() => {
		let sum = 0;
		new PerformanceObserver((list) => {
			for (const entry of list.getEntries()) if ('value' in entry) sum += Number(entry.value);
			document.documentElement.dataset['shifts'] = String(sum);
		}).observe({ type: 'layout-shift', buffered: false });
	});
	return () => page.evaluate(() => Number(document.documentElement.dataset['shifts'] ?? 0));
}

/** Records when the skeleton appears and disappears. */
async function watchSkeleton(page: Page): Promise<void> {
	await page.evaluate(() => {
		let cameMs = 0;
		const startedMs = performance.now();
		new MutationObserver(() => {
			const isThere = document.querySelector('[data-skeleton]') !== null;
			if (isThere && cameMs === 0) {
				cameMs = performance.now();
				document.documentElement.dataset['waited'] = String(cameMs - startedMs);
			}
			if (!isThere && cameMs !== 0) {
				document.documentElement.dataset['lasted'] ??= String(performance.now() - cameMs);
			}
		}).observe(document.body, { childList: true, subtree: true });
	});
}

test('a slow page shows its skeleton after 200 ms for at least 300 ms, and nothing shifts', async ({
	adminPage: page,
	seed
}) => {
	const { ordinary } = await getTestUsers(seed);
	await page.goto('/admin/users');
	const letGo = await holdData(page);
	const shifts = await watchShifts(page);
	await watchSkeleton(page);
	await namesIn(page).filter({ hasText: ordinary.name }).click();
	await expect(skeleton(page)).toBeVisible();
	letGo();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText(ordinary.name);
	await expect(skeleton(page)).toHaveCount(0);
	const { waited, lasted } = await page.evaluate(() => ({ ...document.documentElement.dataset }));
	expect(Number(waited)).toBeGreaterThanOrEqual(195);
	expect(Number(lasted)).toBeGreaterThanOrEqual(290);
	expect(await shifts()).toBeLessThan(0.05);
});

test('a search in the list leaves the list in place', async ({ adminPage: page, seed }) => {
	await getTestUsers(seed);
	await page.clock.install();
	await page.goto('/admin/users');
	const letGo = await holdData(page);
	await watchSkeleton(page);
	const asked = page.waitForRequest('**/__data.json**');
	await page.getByRole('combobox', { name: 'Role' }).selectOption('Administrators');
	await asked;
	await page.clock.runFor(1_000);
	letGo();
	await expect(page).toHaveURL(/role=admin/);
	expect(await page.evaluate(() => document.documentElement.dataset['waited'])).toBeUndefined();
});
