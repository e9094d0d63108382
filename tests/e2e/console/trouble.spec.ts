import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';
import { started } from '../support/watch.ts';

const newUserPath = '/admin/users/new';

test('a lost connection shows an error, and the same form succeeds later', async ({ adminPage: page }) => {
	await page.goto(newUserPath);
	await page.getByLabel('Name').fill('Lena');
	await page.getByLabel('Email').fill('lena@example.test');
	await page.route(`**${newUserPath}`, (route) => route.abort('connectionfailed'));
	await press(page, 'Create user');
	await expect(page.getByRole('alert')).toBeFocused();
	await expect(page.getByRole('alert')).toContainText('Couldn’t reach the server');
	await expect(page.getByLabel('Email')).toHaveValue('lena@example.test');
	await page.unroute(`**${newUserPath}`);
	await press(page, 'Create user');
	await expect(page.getByRole('heading', { name: 'Account created for Lena' })).toBeVisible();
});

test('input typed before the page’s script has started is kept', async ({ adminPage: page }) => {
	let release = () => {};
	const released = new Promise<void>((resolve) => (release = resolve));
	await page.route('**/_auth/immutable/**/*.js', async (route) => {
		await released;
		await route.continue();
	});
	await page.goto(newUserPath, { waitUntil: 'commit' });
	await page.getByLabel('Name').fill('Early Bird');
	await page.getByLabel('Email').fill('early@example.test');
	await page.getByLabel('Temporary password').fill('typed very early');
	await page.getByRole('checkbox', { name: 'Require password change' }).uncheck();
	release();
	await started(page);
	await expect(page.getByLabel('Name')).toHaveValue('Early Bird');
	await expect(page.getByLabel('Email')).toHaveValue('early@example.test');
	await expect(page.getByLabel('Temporary password')).toHaveValue('typed very early');
	await expect(page.getByRole('checkbox', { name: 'Require password change' })).not.toBeChecked();
	await expect(page.getByText('16/72 bytes')).toBeVisible();
});

for (const [address, label] of [
	['/admin/settings', 'Search in settings'],
	['/admin/users', 'Search'],
	['/admin/audit', 'User'],
	['/admin/audit', 'IP address'],
	['/api-reference', 'Search']
] as const)
	test(`a search typed before the page’s script has started is kept: ${label} at ${address}`, async ({
		adminPage: page
	}) => {
		let release = () => {};
		const released = new Promise<void>((resolve) => (release = resolve));
		await page.route('**/_auth/immutable/**/*.js', async (route) => {
			await released;
			await route.continue();
		});
		await page.goto(address, { waitUntil: 'commit' });
		// A region can have the same name.
		const field = page.locator('input').and(page.getByLabel(label, { exact: true }));
		await field.fill('192.0.2.7');
		// As after pressing Tab, because focused input is kept more easily.
		await field.blur();
		release();
		await started(page);
		await expect(field).toHaveValue('192.0.2.7');
	});

test('a refusal by the server keeps the form, and shows a reference to copy', async ({ seed, visit }) => {
	const demoted = await seed.makeUser({ isAdmin: true });
	const page = await visit(demoted);
	await page.goto(newUserPath);
	await page.getByLabel('Name').fill('Lena');
	await page.getByLabel('Email').fill('refused@example.test');
	await seed.call('PUT', `/admin/users/${demoted.id}`, { isAdmin: false });
	const answer = page.waitForResponse((response) => response.request().method() === 'POST');
	await press(page, 'Create user');
	const reference = (await answer).headers()['x-correlation-id'] ?? '';
	expect(reference).toMatch(/^[\w-]{8,}$/);
	await expect(page.getByRole('alert')).toContainText(reference);
	await expect(page.getByRole('alert').getByRole('button', { name: 'Copy request ID' })).toBeVisible();
	await expect(page.getByLabel('Email')).toHaveValue('refused@example.test');
});

test('a page that is not found shows a reference too', async ({ adminPage: page }) => {
	const answer = await page.goto('/admin/users/00000000-0000-4000-8000-000000000000');
	await expect(page.getByText(answer?.headers()['x-correlation-id'] ?? 'no reference')).toBeVisible();
});

test('success messages disappear after a while or when dismissed', async ({ seed, visit }) => {
	const page = await visit(await seed.makeUser());
	await page.clock.install();
	await page.goto('/account/profile');
	const message = page.getByText('Saved', { exact: true });
	await press(page, 'Save');
	await expect(message).toBeVisible();
	await press(page, 'Dismiss');
	await expect(message).toHaveCount(0);
	await press(page, 'Save');
	await expect(message).toBeVisible();
	await page.clock.fastForward(10_000);
	await expect(message).toHaveCount(0);
});

test('times are relative, with the exact time, its zone and ISO form one step away', async ({
	adminPage: page,
	seed
}) => {
	await page.goto(`/admin/users/${seed.admin.id}`);
	const seen = page.getByRole('definition').getByRole('time').last();
	await expect(seen).toHaveText(/now|minute/);
	await expect(seen).toHaveAttribute('title', /Europe\/Berlin.*\d{4}-\d\d-\d\dT[\d:.]+Z/);
	await seen.focus();
	await expect(seen).toBeFocused();
	const shown = await seen.evaluate((element) => getComputedStyle(element, '::after').content);
	expect(shown).toContain('Europe/Berlin');
});

test('sessions show their device, and the current one is marked', async ({ page, context, seed }) => {
	await seed.signIn(context, seed.admin);
	await page.goto('/auth/logout');
	await press(page, 'Sign out');
	await page.getByLabel('Email').fill(seed.admin.email);
	await page.getByLabel('Password', { exact: true }).fill(seed.admin.password);
	await press(page, 'Sign in');
	await expect(page).toHaveURL('/admin');
	await page.goto(`/admin/users/${seed.admin.id}`);
	const here = page.getByRole('listitem').filter({ hasText: 'This device' });
	await expect(here).toHaveCount(1);
	await expect(here).toContainText(/Chrome.* on Linux|Chrom.*/);
	await expect(here).toContainText('Last active just now');
});

test('the chosen color scheme is kept', async ({ page }) => {
	await page.emulateMedia({ colorScheme: 'light' });
	await page.goto('/auth/login');
	const root = page.locator('html');
	await expect(root).toHaveClass(/\blight\b/);
	await page.getByRole('button', { name: /dark mode/ }).click();
	await expect(root).toHaveClass(/\bdark\b/);
	await page.reload();
	await expect(root).toHaveClass(/\bdark\b/);
	await page.emulateMedia({ colorScheme: 'dark' });
	await expect(root).toHaveClass(/\bdark\b/);
});
