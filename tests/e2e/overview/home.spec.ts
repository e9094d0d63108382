import { examine } from '../support/examine.ts';
import { expect, test } from '../support/test.ts';

for (const javaScriptEnabled of [true, false])
	test(`an admin sees what needs attention and dismisses the first steps, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		seed,
		server,
		visit
	}) => {
		const page = await visit(seed.admin, { javaScriptEnabled });
		const data = { isDismissed: false, isBackupPlanned: false };
		await page.request.put('/api/admin/first-steps', { data, headers: { origin: server.url } });
		await page.goto('/');
		await expect(page).toHaveURL('/admin');
		if (javaScriptEnabled) await examine(page);
		const attention = page.locator('section', { has: page.getByRole('heading', { name: 'Needs attention' }) });
		await expect(attention.getByRole('link', { name: /only one administrator/ })).toBeVisible();

		await page.getByRole('button', { name: 'Backups are planned' }).click();
		await expect(page.getByText('Plan backups (done)')).toBeVisible();
		await page.getByRole('button', { name: 'Dismiss' }).click();
		await expect(page.getByRole('heading', { name: 'First steps' })).toHaveCount(0);
		await page.reload();
		await expect(page.getByRole('heading', { name: 'Overview' })).toBeVisible();
		await expect(page.getByRole('heading', { name: 'First steps' })).toHaveCount(0);

		await attention.getByRole('link', { name: /only one administrator/ }).click();
		await expect(page).toHaveURL('/admin/users?role=admin');
	});

test('the overview changes when a user is created elsewhere', async ({ seed, adminPage: page }) => {
	await page.goto('/admin');
	const users = page.getByRole('list', { name: 'Key figures' }).getByRole('link', { name: /^Users/ });
	const before = Number((await users.innerText()).replace(/\D/g, ''));
	await seed.makeUser();
	await expect(users).toHaveText(new RegExp(`^\\s*Users\\s*${before + 1}\\s*$`));
});

test('other users see their own home', async ({ seed, visit }) => {
	const user = await seed.makeUser({ name: 'Hanna Home' });
	const page = await visit(user);
	await page.goto('/');
	await expect(page).toHaveURL('/home');
	await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome, Hanna Home');
	await expect(page.getByText('No photos yet.')).toBeVisible();
	await expect(page.getByText('Signed in on 1 device.')).toBeVisible();
	await expect(page.getByRole('img', { name: 'QR code of the server URL' })).toBeVisible();
	await examine(page);
	await expect(page.getByRole('navigation').getByRole('link', { name: 'Audit log' })).toHaveCount(0);
});
