import { examine } from '../support/examine.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

for (const javaScriptEnabled of [true, false])
	test(`a PIN is set, unlocks, locks, is changed and removed ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		visit,
		seed
	}) => {
		const user = await seed.makeUser();
		const page = await visit(user, { javaScriptEnabled });
		const pin = page.getByLabel('PIN', { exact: true });
		await page.goto('/account/pin');
		await page.getByLabel(/^PIN/).fill('135790');
		await page.getByLabel(/^Confirm( new)? PIN/).fill('135791');
		await press(page, 'Set PIN');
		await expect(page.getByLabel(/^Confirm( new)? PIN/)).toHaveAccessibleDescription('PINs don’t match.');
		await page.getByLabel(/^PIN/).fill('135790');
		await page.getByLabel(/^Confirm( new)? PIN/).fill('135790');
		await press(page, 'Set PIN');

		await expect(page.getByText('Locked', { exact: true }).first()).toBeVisible();
		await pin.fill('000000');
		await press(page, 'Unlock');
		await expect(pin).toHaveAccessibleDescription('Incorrect PIN.');
		await pin.fill('135790');
		await press(page, 'Unlock');
		await expect(page.getByText('Unlocked', { exact: true })).toBeVisible();
		await press(page, 'Lock now');
		await expect(page.getByText('Locked', { exact: true }).first()).toBeVisible();

		await page.getByRole('link', { name: 'Change PIN' }).click();
		await page.getByLabel('New PIN', { exact: true }).fill('246802');
		await page.getByLabel(/^Confirm( new)? PIN/).fill('246802');
		await press(page, 'Change PIN');
		await expect(page.getByText('Enter your PIN or password.')).toBeVisible();
		await page.getByLabel('Password', { exact: true }).fill(user.password);
		await page.getByLabel('New PIN', { exact: true }).fill('246802');
		await page.getByLabel(/^Confirm( new)? PIN/).fill('246803');
		await press(page, 'Change PIN');
		await expect(page.getByLabel(/^Confirm( new)? PIN/)).toHaveAccessibleDescription('PINs don’t match.');
		await page.getByLabel('Password', { exact: true }).fill(user.password);
		await page.getByLabel('New PIN', { exact: true }).fill('246802');
		await page.getByLabel(/^Confirm( new)? PIN/).fill('246802');
		await press(page, 'Change PIN');
		await expect(page).toHaveURL('/account/pin');
		await pin.fill('246802');
		await press(page, 'Unlock');
		await expect(page.getByText('Unlocked', { exact: true })).toBeVisible();

		await page.getByRole('link', { name: 'Remove PIN' }).click();
		await pin.fill('246802');
		await press(page, 'Remove PIN');
		await expect(page).toHaveURL('/account/pin');
		await expect(page.getByRole('button', { name: 'Set PIN' })).toBeVisible();
	});

test('an invalid PIN is reported at its field before it is submitted', async ({ visit, seed }) => {
	const page = await visit(await seed.makeUser());
	await page.goto('/account/pin');
	await page.getByLabel(/^PIN/).fill('12ab');
	await press(page, 'Set PIN');
	await expect(page.getByLabel(/^PIN/)).toBeFocused();
	await expect(page.getByLabel(/^PIN/)).toHaveAccessibleDescription('A PIN has six digits.');
});

test('wrong guesses are blocked after ten, and the page says for how long', async ({ visit, seed }) => {
	const page = await visit(await seed.makeUser());
	await page.goto('/account/pin');
	await page.getByLabel(/^PIN/).fill('135790');
	await page.getByLabel(/^Confirm( new)? PIN/).fill('135790');
	await press(page, 'Set PIN');
	await expect(page.getByRole('button', { name: 'Unlock' })).toBeVisible();
	for (let guess = 0; guess < 10; guess++)
		await page.request.post('/api/auth/session/unlock', { data: { pinCode: '000000' } });
	await page.getByLabel('PIN', { exact: true }).fill('135790');
	await press(page, 'Unlock');
	await expect(page.getByRole('alert')).toContainText(/wrong too often\. Try again in \d+ minutes/);
});

test('an admin clears a PIN, after a warning', async ({ visit, seed }) => {
	const user = await seed.makeUser();
	const own = await visit(user);
	await own.goto('/account/pin');
	await own.getByLabel(/^PIN/).fill('135790');
	await own.getByLabel(/^Confirm( new)? PIN/).fill('135790');
	await press(own, 'Set PIN');
	await expect(own.getByRole('button', { name: 'Unlock' })).toBeVisible();

	const page = await visit(seed.admin);
	await page.goto(`/admin/users/${user.id}`);
	await page.getByRole('link', { name: 'Clear PIN…' }).click();
	await expect(page.getByRole('link', { name: 'Cancel' })).toBeFocused();
	await examine(page);
	await press(page, 'Clear PIN');
	await expect(page).toHaveURL(`/admin/users/${user.id}`);
	await expect(page.getByText('A PIN is set.')).toHaveCount(0);
	await own.reload();
	await expect(own.getByRole('button', { name: 'Set PIN' })).toBeVisible();
});
