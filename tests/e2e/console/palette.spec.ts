import type { Page } from 'playwright/test';
import { namesIn, findSearch } from '../support/pages.ts';
import { getTestUsers } from '../support/test-users.ts';
import { expect, test } from '../support/test.ts';

test.beforeEach(async ({ seed }) => getTestUsers(seed));

const button = (page: Page) => page.getByRole('button', { name: 'Search users, pages and actions' });
const palette = (page: Page) => page.getByRole('combobox', { name: /^Search/ });
const option = (page: Page, name: string | RegExp) => page.getByRole('dialog').getByRole('option', { name });

test('Ctrl K opens it, Escape closes it, and the focus returns', async ({ adminPage: page }) => {
	await page.goto('/admin/users');
	await findSearch(page).focus();
	await page.keyboard.press('Control+k');
	await expect(palette(page)).toBeFocused();
	await page.keyboard.press('Escape');
	await expect(palette(page)).toHaveCount(0);
	await expect(findSearch(page)).toBeFocused();
	await button(page).click();
	await expect(palette(page)).toBeFocused();
	await page.mouse.click(5, 400);
	await expect(palette(page)).toHaveCount(0);
	await expect(button(page)).toBeFocused();
});

test('it is loaded only on demand', async ({ adminPage: page }) => {
	const scripts: string[] = [];
	page.on('request', (request) => {
		if (request.resourceType() === 'script') scripts.push(request.url());
	});
	await page.goto('/account/profile');
	const before = scripts.length;
	await button(page).click();
	await expect(palette(page)).toBeFocused();
	expect(scripts.length).toBeGreaterThan(before);
});

test('users are found by name, email and ID, and opened with Enter', async ({ adminPage: page, seed }) => {
	const { ordinary, long } = await getTestUsers(seed);
	await page.goto('/account/profile');
	for (const [typed, user] of [
		['olga', ordinary],
		['lampedusa-mont', long],
		[ordinary.id, ordinary]
	] as const) {
		await page.keyboard.press('Control+k');
		await palette(page).fill(typed);
		await expect(option(page, new RegExp(user.name))).toHaveAttribute('aria-selected', 'true');
		await page.keyboard.press('Enter');
		await expect(page).toHaveURL(`/admin/users/${user.id}`);
		await expect(palette(page)).toHaveCount(0);
	}
});

test('an action is applied to the user named after it', async ({ adminPage: page, seed }) => {
	const { ordinary } = await getTestUsers(seed);
	await page.goto('/admin/users');
	await page.keyboard.press('Control+k');
	await palette(page).fill('reset');
	await option(page, 'Reset password of…').click();
	await expect(palette(page)).toBeFocused();
	await palette(page).pressSequentially('olga');
	await option(page, /^Reset password of Olga/).click();
	await expect(page).toHaveURL(`/admin/users/${ordinary.id}/reset-password`);
});

test('arrow keys wrap around, and screen readers hear the active option', async ({ adminPage: page }) => {
	await page.goto('/admin/users');
	await page.keyboard.press('Control+k');
	const options = page.getByRole('dialog').getByRole('option');
	await expect(options.first()).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('ArrowUp');
	await expect(options.last()).toHaveAttribute('aria-selected', 'true');
	await page.keyboard.press('ArrowDown');
	await expect(options.first()).toHaveAttribute('aria-selected', 'true');
	const id = await options.first().getAttribute('id');
	await expect(palette(page)).toHaveAttribute('aria-activedescendant', id ?? '');
	await palette(page).fill('nothing has this name');
	await expect(page.getByRole('status').filter({ hasText: 'No results' })).toBeVisible();
});

test('it switches the theme, and signs out', async ({ visit, seed }) => {
	const page = await visit(await seed.makeUser(), { colorScheme: 'light' });
	await page.goto('/account/profile');
	await page.keyboard.press('Control+k');
	await palette(page).fill('dark');
	await page.keyboard.press('Enter');
	await expect(page.locator('html')).toHaveClass(/dark/);
	await page.keyboard.press('Control+k');
	await palette(page).fill('sign');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(/\/auth\/login/);
});

test('other users see only what they can do, and cannot search for users', async ({ visit, seed }) => {
	const { ordinary } = await getTestUsers(seed);
	const page = await visit(ordinary);
	const asked: string[] = [];
	page.on('request', (request) => {
		if (request.url().includes('suggestions')) asked.push(request.url());
	});
	await page.goto('/account/profile');
	await button(page).click();
	await expect(option(page, /^Profile/)).toBeVisible();
	await expect(option(page, /^Users|Create user|Reset|Delete|Edit/)).toHaveCount(0);
	await palette(page).fill('dev');
	// The last one is in the group “Developers”.
	await expect(page.getByRole('dialog').getByRole('option')).toContainText([
		'Devices',
		'Connect a device',
		'API reference'
	]);
	await palette(page).press('Enter');
	await expect(palette(page)).toHaveCount(0);
	expect(asked).toEqual([]);
});

test('a failed search shows an error', async ({ adminPage: page }) => {
	await page.route('**/suggestions?**', (route) => route.fulfill({ status: 500, body: '{}' }));
	await page.goto('/admin/users');
	await page.keyboard.press('Control+k');
	await palette(page).fill('olga');
	await expect(page.getByText('User search is unavailable right now')).toBeVisible();
});

test('it works on a phone', async ({ visit, seed }) => {
	const page = await visit(seed.admin, { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true });
	await page.goto('/admin/users');
	await button(page).tap();
	await palette(page).fill('olga');
	await option(page, /Olga Ordinary/).tap();
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Olga Ordinary');
	await page.goBack();
	await expect(namesIn(page).first()).toBeVisible();
});
