import type { Page } from 'playwright/test';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { examine } from '../support/examine.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });
test.beforeEach(({ seed }) => seed.call('PUT', '/admin/config', systemConfigDefaults));

const box = (page: Page, name: string) => page.getByRole('textbox', { name });
const review = (page: Page) => page.getByRole('region', { name: 'What saving changes' });
const trash = { ...systemConfigDefaults.trash, days: 9 };

for (const javaScriptEnabled of [true, false])
	test(`a setting is found, changed, reviewed and saved, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		seed,
		visit
	}) => {
		const page = await visit(seed.admin, { javaScriptEnabled });
		await page.goto('/admin/settings');
		await page.getByRole('searchbox', { name: 'Search in settings' }).fill('trash days');
		await press(page, 'Search');
		await page.getByRole('link', { name: 'Keep in trash (days)' }).click();
		await expect(page).toHaveURL('/admin/settings/trash#days');
		await box(page, 'Keep in trash').fill('12');
		await page.getByRole('checkbox', { name: 'Use the trash' }).uncheck();
		await press(page, 'Review changes');
		await expect(review(page)).toContainText(/Use the trash.*on.*off/s);
		await expect(review(page)).toContainText(/Keep in trash.*30.*12/s);
		await press(page, 'Save');
		await expect(page.getByText('Last: Ada Admin changed settings')).toBeVisible();
		await expect(review(page)).toHaveCount(0);
		await page.reload();
		await expect(box(page, 'Keep in trash')).toHaveValue('12');
		await expect(page.getByRole('checkbox', { name: 'Use the trash' })).not.toBeChecked();
		await press(page, 'Reset ‘Keep in trash (days)’ to its default');
		await expect(box(page, 'Keep in trash')).toHaveValue('30');
		await press(page, 'Save');
		await expect(page.getByText('Modified', { exact: true })).toHaveCount(1);
	});

test('the bar counts unsaved changes, and leaving asks', async ({ adminPage: page }) => {
	await page.goto('/admin/settings/server');
	await expect(page.getByText('No unsaved changes')).toBeVisible();
	await box(page, 'Message on the login page').fill('Welcome');
	await page.getByRole('checkbox', { name: 'Users can see each other' }).uncheck();
	await expect(page.getByText('2 unsaved changes')).toBeVisible();
	page.once('dialog', (dialog) => void dialog.dismiss());
	await page.getByRole('link', { name: 'Trash' }).click();
	await expect(page).toHaveURL('/admin/settings/server');
	await press(page, 'Save');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await expect(page.getByText('No unsaved changes')).toBeVisible();
	await box(page, 'Message on the login page').fill('Welcome all');
	await expect(page.getByText('1 unsaved change', { exact: true })).toBeVisible();
	await press(page, 'Discard');
	await expect(box(page, 'Message on the login page')).toHaveValue('Welcome');
});

test('errors are shown at their fields, and the rest is kept', async ({ adminPage: page }) => {
	await page.goto('/admin/settings/oauth');
	await box(page, 'Client ID').fill('photos');
	await box(page, 'Issuer URL').fill('nonsense');
	await press(page, 'Save');
	await expect(page.getByText('Issuer URL must be an empty string or a valid URL')).toBeVisible();
	await expect(box(page, 'Client ID')).toHaveValue('photos');
	await box(page, 'Timeout').fill('soon');
	await box(page, 'Issuer URL').fill('');
	await expect(page.getByText('Enter a number.')).toBeVisible();
	await examine(page);
});

test('of two admins who change the same setting, the later one sees both values and chooses', async ({
	adminPage: page,
	seed
}) => {
	await page.goto('/admin/settings/trash');
	await seed.call('PUT', '/admin/config', { ...systemConfigDefaults, trash });
	await box(page, 'Keep in trash').fill('5');
	await press(page, 'Save');
	await expect(page.getByText('Someone else saved changes')).toBeVisible();
	await examine(page);
	await page.getByRole('radio', { name: 'Theirs 9' }).check();
	await press(page, 'Save');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await expect(box(page, 'Keep in trash')).toHaveValue('9');
});

test('a secret is never shown, not even in the review', async ({ adminPage: page }) => {
	await page.goto('/admin/settings/oauth');
	await page.getByLabel('Client secret', { exact: true }).fill('very-secret');
	await press(page, 'Review changes');
	await expect(review(page)).toContainText('a new one');
	await press(page, 'Save');
	await expect(page.getByText('A secret is set. Leave empty to keep it.')).toBeVisible();
	await expect(page.getByLabel('Client secret', { exact: true })).toHaveValue('');
	expect(await page.content()).not.toContain('very-secret');
	await page.getByRole('checkbox', { name: 'Remove ‘Client secret’' }).check();
	await press(page, 'Save');
	await expect(page.getByText('Not set.')).toBeVisible();
});

test('a sign-in message shows immediately, and password sign-in stays on while no admin has another way to sign in', async ({
	adminPage: page,
	visit
}) => {
	await page.goto('/admin/settings/server');
	await box(page, 'Message on the login page').fill('<b>Hello</b>\nand welcome');
	await press(page, 'Save');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	const visitor = await visit();
	await visitor.goto('/auth/login');
	await expect(visitor.getByText('<b>Hello</b>')).toBeVisible();
	await page.goto('/admin/settings/passwordLogin');
	await page.getByRole('checkbox', { name: 'Sign in with a password' }).uncheck();
	await press(page, 'Save');
	await expect(page.getByText('Without password sign-in no administrator could sign in')).toBeVisible();
	await visitor.reload();
	await expect(visitor.getByLabel('Password', { exact: true })).toBeVisible();
});

test('custom CSS applies to every page except the one that edits it', async ({ adminPage: page }) => {
	await page.goto('/admin/settings/theme');
	await box(page, 'Custom CSS').fill('h1 { display: none }');
	await press(page, 'Save');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
	await page.goto('/admin/users');
	await expect(page.locator('h1')).toBeHidden();
	await page.goto('/admin/settings/theme');
	await expect(page.getByRole('heading', { name: 'Theme' })).toBeVisible();
});

test('on a phone the other groups are reachable but out of the way', async ({ adminPage: page }) => {
	await page.setViewportSize({ width: 360, height: 740 });
	await page.goto('/admin/settings/notifications');
	await page.getByText('All settings').click();
	const groups = page.getByRole('navigation', { name: 'Groups of settings' });
	await groups.getByRole('link', { name: 'Trash' }).click();
	await expect(page).toHaveURL('/admin/settings/trash');
	await expect(groups.getByRole('link')).toHaveCount(0);
});

test('an unreachable mail server is reported at its field', async ({ adminPage: page }) => {
	await page.goto('/admin/settings/notifications');
	await page.getByRole('checkbox', { name: 'Use this mail server' }).check();
	await box(page, 'Host').fill('127.0.0.1');
	await box(page, 'Port').fill('1');
	await press(page, 'Save');
	await expect(page.getByText('The mail server cannot be reached.').first()).toBeVisible();
	await expect(box(page, 'Host')).toHaveValue('127.0.0.1');
	await examine(page);
});
