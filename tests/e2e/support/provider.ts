import type { Page } from 'playwright/test';
import { systemConfigDefaults } from '#lib/contract/settings/document/index.ts';
import { clientId, clientSecret } from '../../support/oidc.ts';
import type { Seed } from './accounts.ts';

/** Sets the first provider in the settings as an admin. */
export const configureProvider = (
	seed: Seed,
	{ issuer }: { readonly issuer: string },
	fields: Partial<(typeof systemConfigDefaults)['oauth']> = {}
) =>
	seed.call('PUT', '/admin/config', {
		...systemConfigDefaults,
		oauth: {
			...systemConfigDefaults.oauth,
			enabled: true,
			issuerUrl: issuer,
			clientId,
			clientSecret,
			allowInsecureRequests: true,
			...fields
		}
	});

/** Signs in on the provider's own pages, and gives consent. */
export async function signInAtProvider(page: Page, subject: string): Promise<void> {
	await page.getByPlaceholder('Enter any login').fill(subject);
	await page.getByPlaceholder('and password').fill('any');
	await page.getByRole('button', { name: 'Sign-in' }).click();
	await page.getByRole('button', { name: 'Continue' }).click();
}
