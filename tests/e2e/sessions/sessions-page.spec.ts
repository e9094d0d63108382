import type { Page } from 'playwright/test';
import { expect, test } from '../support/test.ts';

const rowsOf = (page: Page) => page.getByRole('table', { name: 'Sessions' }).locator('tbody tr');
const status = async (page: Page) => (await page.request.get('/api/users/me')).status();

test('an admin finds who is signed in and signs out one, the selected, and all that match', async ({
	adminPage: page,
	seed,
	visit
}) => {
	const user = await seed.makeUser({ name: 'Sandra Several' });
	const browsers = [await visit(user), await visit(user), await visit(user)];
	for (let extra = 0; extra < 2; extra++) await seed.startSession(user);
	await page.goto('/admin');
	await page.getByRole('link', { name: /^Sessions \d/ }).click();
	await expect(page).toHaveURL('/admin/sessions');
	await expect(rowsOf(page).filter({ hasText: 'This device' })).toHaveCount(1);
	await page.getByRole('searchbox', { name: 'User' }).fill('sandra');
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL('/admin/sessions?q=sandra');
	await expect(rowsOf(page)).toHaveCount(5);
	await rowsOf(page)
		.first()
		.getByRole('button', { name: /^Sign out .* of Sandra Several$/ })
		.click();
	await expect(page.getByText('Device signed out', { exact: true })).toBeVisible();
	await expect(rowsOf(page)).toHaveCount(4);
	await expect(page).toHaveURL('/admin/sessions?q=sandra');
	await rowsOf(page).first().getByRole('checkbox').check();
	await rowsOf(page).nth(1).getByRole('checkbox').check();
	await expect(page.getByText('2 selected')).toBeVisible();
	await page.getByRole('button', { name: 'Sign out 2 devices' }).click();
	await expect(rowsOf(page)).toHaveCount(2);
	await page.getByRole('link', { name: 'Sign out all matching devices…' }).click();
	await expect(page.getByRole('heading', { name: 'This signs out 2 devices of 1 user' })).toBeVisible();
	await expect(page.getByText('User matches ‘sandra’')).toBeVisible();
	await expect(page.getByRole('link', { name: 'Cancel' })).toBeFocused();
	await page.getByRole('button', { name: 'Sign out 2 devices' }).click();
	await expect(page).toHaveURL('/admin/sessions');
	await expect(page.getByText('Matching devices signed out')).toBeVisible();
	for (const browser of browsers) expect(await status(browser)).toBe(401);
	expect(await status(page)).toBe(200);
});

test('the keyboard selects rows', async ({ adminPage: page, seed }) => {
	const user = await seed.makeUser({ name: 'Kim Keys' });
	for (let extra = 0; extra < 2; extra++) await seed.startSession(user);
	await page.goto('/admin/sessions?q=kim+keys');
	await page.keyboard.press('j');
	await page.keyboard.press('x');
	await expect(rowsOf(page).first().getByRole('checkbox')).toBeChecked();
	await page.keyboard.press('Enter');
	await expect(page).toHaveURL(`/admin/users/${user.id}`);
});

test.describe('without JavaScript', () => {
	test.use({ javaScriptEnabled: false, viewport: { width: 390, height: 844 } });

	test('filters, signs out the selected and all that match', async ({ adminPage: page, seed }) => {
		const user = await seed.makeUser({ name: 'Nora Script' });
		for (let extra = 0; extra < 3; extra++) await seed.startSession(user);
		await page.goto('/admin/sessions');
		await page.getByLabel('User', { exact: true }).fill('nora');
		await page.getByRole('button', { name: 'Apply' }).click();
		await expect(rowsOf(page)).toHaveCount(3);
		await rowsOf(page).first().getByRole('checkbox').check();
		await page.getByRole('button', { name: 'Sign out selected devices' }).click();
		await expect(rowsOf(page)).toHaveCount(2);
		await page.getByRole('button', { name: 'Sign out selected devices' }).click();
		await expect(page.getByText('Select at least one device')).toBeVisible();
		await page.getByRole('link', { name: 'Sign out all matching devices…' }).click();
		await page.getByRole('button', { name: 'Sign out 2 devices' }).click();
		await page.goto('/admin/sessions?q=nora');
		await expect(page.getByText('No sessions match')).toBeVisible();
	});
});
