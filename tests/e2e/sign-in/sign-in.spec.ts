import { signInByForm } from '../support/pages.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test('the page names the server, and focuses the email field', async ({ page, seed, server }) => {
	await seed.makeUser();
	await page.goto('/auth/login');
	await expect(page.getByText(`localhost:${server.port}`)).toBeVisible();
	await expect(page.getByLabel('Email')).toBeFocused();
	await expect(page.getByLabel('Email')).toHaveAttribute('autocomplete', 'username');
	await expect(page.getByLabel('Password', { exact: true })).toHaveAttribute('autocomplete', 'current-password');
});

test('a refusal moves nothing, keeps the email, and is the same for every email', async ({ page, seed }) => {
	const user = await seed.makeUser();
	await page.goto('/auth/login');
	const before = await page.getByLabel('Email').boundingBox();
	for (const email of [user.email, 'nobody@example.test']) {
		await page.getByLabel('Email').fill(email);
		await page.getByLabel('Password', { exact: true }).fill('wrong');
		await press(page, 'Sign in');
		await expect(page.getByRole('alert')).toBeFocused();
		await expect(page.getByRole('alert')).toHaveText(/^\s*Incorrect email or password/);
		await expect(page.getByLabel('Email')).toHaveValue(email);
		expect(await page.getByLabel('Email').boundingBox()).toEqual(before);
	}
});

test('sign-in continues to the requested page', async ({ page, seed }) => {
	const user = await seed.makeUser();
	await page.goto('/account/password');
	await expect(page).toHaveURL('/auth/login?continue=%2Faccount%2Fpassword');
	await page.getByLabel('Email').fill(` ${user.email.toUpperCase()} `);
	await page.getByLabel('Password', { exact: true }).fill(user.password);
	await press(page, 'Sign in');
	await expect(page).toHaveURL('/account/password');
	await page.goto('/auth/login');
	await expect(page).toHaveURL('/home');
});

test('signing out in the menu ends the session permanently', async ({ page, context, seed }) => {
	const user = await seed.makeUser();
	await signInByForm(page, user);
	await expect(page).toHaveURL('/home');
	const cookies = await context.cookies();
	await page.getByLabel(`Account of ${user.name}`).click();
	await press(page, 'Sign out');
	await expect(page).toHaveURL(/\/auth\/login/);
	// The only remaining cookie says that this browser has been used here before.
	expect((await context.cookies()).map(({ name }) => name)).toEqual(['immich_auth_browser']);

	await page.goBack();
	await expect(page.getByRole('heading', { name: user.name })).toHaveCount(0);
	await context.addCookies(cookies);
	expect((await page.request.get('/api/users/me')).status()).toBe(401);
	await page.goto('/account/profile');
	await expect(page).toHaveURL('/auth/login?continue=%2Faccount%2Fprofile');
});

test('sign-in never redirects to another site', async ({ visit, seed }) => {
	const user = await seed.makeUser();
	for (const elsewhere of ['https://evil.test/', '//evil.test', '/\\evil.test', 'javascript:alert(1)']) {
		const page = await visit();
		await page.goto(`/auth/login?continue=${encodeURIComponent(elsewhere)}`);
		await page.getByLabel('Email').fill(user.email);
		await page.getByLabel('Password', { exact: true }).fill(user.password);
		await press(page, 'Sign in');
		await expect(page).toHaveURL('/home');
	}
});
