import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { HostileProvider } from '../../support/hostile-provider.ts';
import { clientId, clientSecret } from '../../support/oidc.ts';
import { examine } from '../support/examine.ts';
import { press } from '../support/states.ts';
import { expect, test } from '../support/test.ts';

test.use({ contextOptions: { reducedMotion: 'reduce' } });

let provider: HostileProvider;
test.beforeAll(async () => {
	provider = await HostileProvider.start();
});
test.afterAll(() => provider.close());
test.beforeEach(async ({ seed }) => {
	provider.lies = {};
	provider.person = { sub: 'nora', email: 'nora@example.test', email_verified: true, name: 'Nora New' };
	const oauth = { ...systemConfigDefaults.oauth, issuerUrl: provider.issuer, clientId, clientSecret };
	const settings = { ...oauth, enabled: true, allowInsecureRequests: true };
	await seed.call('PUT', '/admin/config', { ...systemConfigDefaults, oauth: settings });
});

for (const javaScriptEnabled of [true, false])
	test(`a lying provider signs no one in, and the page says how to continue, ${javaScriptEnabled ? 'with' : 'without'} JavaScript`, async ({
		visit
	}) => {
		const page = await visit(undefined, { javaScriptEnabled });
		await page.goto('/auth/login?continue=%2Faccount%2Fprofile');
		provider.lies = { claims: { nonce: 'other' } };
		await page.getByRole('link', { name: 'Login with OAuth' }).click();
		await expect(page.getByText('Sign-in with the provider failed. Please try again.')).toBeVisible();
		await expect(page.getByText('Request ID for your administrator: ')).toBeVisible();
		if (javaScriptEnabled) await examine(page);

		provider.lies = { back: { code: undefined, error: 'access_denied' } };
		await page.getByRole('link', { name: 'Login with OAuth' }).click();
		await expect(page.getByText('Sign-in was cancelled or denied by the provider')).toBeVisible();

		provider.lies = {};
		await page.getByRole('link', { name: 'Login with OAuth' }).click();
		await page.goto('/account/profile');
		await expect(page.getByLabel('Name', { exact: true })).toHaveValue('Nora New');
	});

test('an admin tests the provider in another tab, which changes nothing', async ({ adminPage }) => {
	await adminPage.goto('/admin/settings/oauth');
	await adminPage.getByRole('textbox', { name: 'Role claim' }).fill('groups');
	await press(adminPage, 'Test connection');
	await expect(adminPage.getByText('Connection successful')).toBeVisible();
	await examine(adminPage);
	provider.person = {
		...provider.person,
		sub: 'olga',
		email: 'olga@example.test',
		groups: ['admin', 'family'],
		long: 'a'.repeat(120)
	};
	const opened = adminPage.context().waitForEvent('page');
	await adminPage.getByRole('link', { name: 'Test sign-in' }).click();
	const tab = await opened;
	await expect(tab.getByText('A new account would be created')).toBeVisible();
	await expect(tab.getByText('["admin","family"]')).toBeVisible();
	await expect(tab.getByText('Administrator', { exact: true })).toBeVisible();
	await examine(tab);
	await tab.reload();
	await expect(tab.getByText('Test sign-in failed')).toBeVisible();
	await tab.goto('/admin/users?q=olga');
	await expect(tab.getByText('No matching users')).toBeVisible();
});
