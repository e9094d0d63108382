import { test } from '../support/test.ts';

// Every test fails on a violation of the content policy (support/watch.ts); these pages parse with zod in the browser.
test('no page violates the content policy', async ({ adminPage, seed }) => {
	const paths = [
		'/admin/users',
		'/admin/users/new',
		`/admin/users/${seed.admin.id}`,
		'/admin/users/import',
		'/admin/settings/oauth',
		'/admin/audit',
		'/admin/jobs',
		'/admin/maintenance',
		'/account/profile',
		'/account/devices',
		'/account/notifications',
		'/account/api-keys/new',
		'/api-reference/login'
	];
	for (const path of paths) await adminPage.goto(path);
});

test('no page violates it before sign-in', async ({ page, seed }) => {
	// Without an admin both redirect to the setup page.
	await seed.signIn(page.context(), seed.admin);
	await page.context().clearCookies();
	for (const path of ['/auth/login', '/maintenance']) await page.goto(path);
});
