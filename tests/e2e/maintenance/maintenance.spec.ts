import { examine } from '../support/examine.ts';
import { begin, heading } from '../support/maintenance.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

for (const javaScriptEnabled of [true, false])
	test(`an admin starts and ends it while a user is signed in, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		seed,
		visit
	}) => {
		const user = await seed.makeUser();
		const admin = await visit(seed.admin, { javaScriptEnabled });
		const page = await visit(user, { javaScriptEnabled });
		await page.goto('/account/profile');

		await begin(admin, 'now');
		await expect(heading(admin)).toBeVisible();
		await expect(admin.getByRole('button', { name: 'End maintenance', exact: true })).toBeVisible();

		await page.goto('/account/password');
		await expect(heading(page)).toBeVisible();
		await expect(page.getByText('New disks are being put in.')).toBeVisible();
		await expect(page.getByRole('button', { name: 'End maintenance', exact: true })).toHaveCount(0);

		await admin.getByLabel('End automatically in').selectOption('8 hours');
		await press(admin, 'Extend maintenance');
		await expect(admin.getByText(/^It ends automatically/)).toBeVisible();
		await press(admin, 'End maintenance');
		await expect(admin).toHaveURL('/admin/maintenance');

		if (!javaScriptEnabled) await page.getByRole('link', { name: 'Try again' }).click();
		await expect(page).toHaveURL('/account/password', { timeout: 15_000 });
	});

test('input being typed when it starts is kept, and can be submitted afterwards', async ({ seed, visit }) => {
	const user = await seed.makeUser({ name: 'Before' });
	const page = await visit(user);
	const admin = await visit(seed.admin);
	await page.goto('/account/profile');
	await page.getByLabel('Name', { exact: true }).fill('After');
	await begin(admin, 'now');
	await expect(heading(admin)).toBeVisible();
	await press(page, 'Save');
	await expect(page.getByRole('alert')).toContainText('Server is in maintenance mode');
	await expect(page.getByLabel('Name', { exact: true })).toHaveValue('After');
	await press(admin, 'End maintenance');
	await expect(admin).toHaveURL('/admin/maintenance');
	await press(page, 'Save');
	await expect(page.getByText('Saved', { exact: true })).toBeVisible();
});

test('an announcement counts down for all signed-in users', async ({ seed, visit }) => {
	const admin = await visit(seed.admin);
	await begin(admin, 'in 15 minutes');
	const page = await visit(await seed.makeUser());
	await page.goto('/account/profile');
	const banner = page.getByRole('status').filter({ hasText: 'Scheduled maintenance' });
	await expect(banner).toContainText('New disks are being put in.');
	await expect(banner).toContainText(/in 14 min \d\d s/);
	await examine(page);
	await press(admin, 'Cancel maintenance');
	await expect(admin.getByRole('button', { name: 'Cancel maintenance' })).toHaveCount(0);
	await page.reload();
	await expect(banner).toHaveCount(0);
});

test('the page passes the page checks, for users who wait and for admins', async ({ seed, visit }) => {
	const admin = await visit(seed.admin, { reducedMotion: 'reduce' });
	await begin(admin, 'now');
	await expect(heading(admin)).toBeVisible();
	await examine(admin);
	const page = await visit(null, { reducedMotion: 'reduce' });
	await page.goto('/maintenance');
	await examine(page);
	await page.getByText('Administrator access').click();
	await page.getByLabel('Maintenance token').fill('wrong');
	await press(page, 'Continue');
	await expect(page.getByText(/^Invalid or expired maintenance token/)).toBeVisible();
	await examine(page);

	// By the link that the command prints: the token is removed from the URL immediately.
	const [{ value } = { value: '' }] = (await admin.context().cookies()).filter(
		({ name }) => name === 'immich_maintenance_token'
	);
	await page.goto(`/maintenance?token=${value}`);
	await expect(page).not.toHaveURL(/token/);
	await press(page, 'Continue');
	await press(page, 'End maintenance');
	await expect(page).toHaveURL(/\/auth\/login/);
});
