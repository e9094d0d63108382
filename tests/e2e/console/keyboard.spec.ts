import type { Page } from 'playwright/test';
import { getTestUsers } from '../support/test-users.ts';
import { expect, test } from '../support/test.ts';

/** Returns the name of the focused element. */
const focused = (page: Page): Promise<string> =>
	page.evaluate(() => {
		const element = document.activeElement;
		if (!(element instanceof HTMLElement)) return '';
		const isField = element instanceof HTMLInputElement || element instanceof HTMLSelectElement;
		const label = isField ? element.labels?.[0]?.textContent : undefined;
		return (element.ariaLabel ?? label ?? element.textContent).replace(/[\s*]+/g, ' ').trim();
	});

/** Presses Tab until focus leaves the page, and returns the stops; every stop must show a focus ring. */
async function walk(page: Page, most = 60): Promise<string[]> {
	const passed: string[] = [];
	for (let step = 0; step < most; step += 1) {
		await page.keyboard.press('Tab');
		if (await page.evaluate(() => document.activeElement === document.body)) return passed;
		passed.push(await focused(page));
		expect(await isFocusShown(page), passed.at(-1)).toBe(true);
	}
	throw new Error(`No way out: ${passed.slice(-8).join(' → ')}`);
}

/** Whether the focused element, or the box around it, shows a ring and is in view below the header. */
const isFocusShown = (page: Page): Promise<boolean> =>
	page.evaluate(() => {
		const element = document.activeElement;
		if (!element) return false;
		const ringed = [element, element.closest('.control-box')].some(
			(part) =>
				part !== null &&
				getComputedStyle(part).outlineStyle !== 'none' &&
				parseFloat(getComputedStyle(part).outlineWidth) >= 2
		);
		const box = element.getBoundingClientRect();
		const top = document.elementFromPoint(box.x + Math.min(box.width, 20) / 2, box.y + box.height / 2);
		const isInView = box.top >= 0 && box.bottom <= innerHeight && top !== null;
		const isCovered =
			top !== null && !element.contains(top) && !top.contains(element) && top.closest('header') !== null;
		return ringed && isInView && !isCovered;
	});

test('the skip link comes first and leads into the page', async ({ adminPage: page }) => {
	await page.goto('/admin/users');
	await page.keyboard.press('Tab');
	const skip = page.getByRole('link', { name: 'Skip to content' });
	await expect(skip).toBeFocused();
	await expect(skip).toBeInViewport();
	await page.keyboard.press('Enter');
	await page.keyboard.press('Tab');
	await expect(page.getByLabel('Columns', { exact: true })).toBeFocused();
});

test('the users list is traversed in reading order', async ({ adminPage: page, seed }) => {
	const { ordinary, newcomer } = await getTestUsers(seed);
	await page.goto('/admin/users');
	const passed = await walk(page);
	const [first, last] = [passed.indexOf('Skip to content'), passed.indexOf(ordinary.name)];
	expect(first).toBe(0);
	const places = ['immich-auth', 'Users', 'Create user', 'Search', 'Role', 'Status', 'Name', 'Created', newcomer.name];
	const order = places.map((name) =>
		passed.findIndex((stop) => (name === 'Search' ? stop === name : stop.startsWith(name)))
	);
	expect(order).toEqual(order.toSorted((one, other) => one - other));
	expect(Math.min(...order)).toBeGreaterThanOrEqual(0);
	expect(last).toBeGreaterThan(0);
});

for (const path of ['/auth/login', '/admin/users/new', '/account/profile', '/account/password'])
	test(`${path} has no focus trap, and a ring at every stop`, async ({ page, context, seed }) => {
		if (path !== '/auth/login') await seed.signIn(context, seed.admin);
		await page.goto(path);
		// Tab continues from the last click.
		await page.mouse.click(1, 1);
		const passed = await walk(page);
		expect(passed.length).toBeGreaterThan(3);
		await page.keyboard.press('Shift+Tab');
		expect(await focused(page)).toBe(passed.at(-1));
	});

test('the account menu opens and closes by keyboard', async ({ adminPage: page, seed }) => {
	await page.goto('/account/profile');
	const menu = page.getByLabel(`Account of ${seed.admin.name}`);
	const signOut = page.getByRole('button', { name: 'Sign out' });
	await menu.focus();
	await page.keyboard.press('Enter');
	await expect(signOut).toBeVisible();
	await page.keyboard.press('Escape');
	await expect(signOut).toBeHidden();
	await expect(menu).toBeFocused();
	await page.keyboard.press('Space');
	await expect(signOut).toBeVisible();
	await page.getByRole('heading', { level: 1 }).click();
	await expect(signOut).toBeHidden();
	await menu.press('Enter');
	await page.keyboard.press('Tab');
	await expect(page.getByRole('button', { name: 'Keyboard shortcuts' })).toBeFocused();
	await page.keyboard.press('Tab');
	await expect(signOut).toBeFocused();
	await page.keyboard.press('Tab');
	await expect(signOut).toBeHidden();
	await menu.press('Enter');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Tab');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/\/auth\/login/);
});

test('a user is created by keyboard alone', async ({ adminPage: page }) => {
	await page.goto('/admin/users');
	await page.getByRole('link', { name: 'Create user' }).press('Enter');
	await expect(page.getByLabel('Name')).toBeFocused();
	await page.keyboard.type('Kim Keyboard');
	await page.keyboard.press('Tab');
	await page.keyboard.type('kim@example.test');
	await page.getByRole('checkbox', { name: 'Administrator' }).press('Space');
	await expect(page.getByRole('checkbox', { name: 'Administrator' })).toBeChecked();
	await page.getByLabel('Name').press('Enter');
	await expect(page.getByRole('heading', { name: 'Account created for Kim Keyboard' })).toBeVisible();
	await page.getByRole('button', { name: 'Copy message' }).press('Enter');
	await expect(page.getByRole('status').filter({ hasText: 'Copied' })).toBeVisible();
	await page.getByRole('link', { name: 'All users' }).press('Enter');
	await expect(page).toHaveURL('/admin/users');
	await page.getByRole('link', { name: 'Kim Keyboard' }).press('Enter');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kim Keyboard');
});

test('there is no motion if the user prefers reduced motion', async ({ seed, visit }) => {
	const page = await visit(seed.admin, { reducedMotion: 'reduce' });
	await page.goto('/admin/users/new');
	const slowest = await page.evaluate(() =>
		Math.max(
			...[...document.querySelectorAll('*')].flatMap((element) => {
				const { transitionDuration, animationDuration } = getComputedStyle(element);
				return `${transitionDuration},${animationDuration}`.split(',').map(parseFloat);
			})
		)
	);
	expect(slowest).toBeLessThan(0.001);
});
