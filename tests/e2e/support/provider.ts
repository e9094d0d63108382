import type { Page } from 'playwright/test';

/** Signs in at the provider, whose pages are its own, and agrees to what it asks. */
export async function signInAtProvider(page: Page, subject: string): Promise<void> {
	await page.getByPlaceholder('Enter any login').fill(subject);
	await page.getByPlaceholder('and password').fill('any');
	await page.getByRole('button', { name: 'Sign-in' }).click();
	await page.getByRole('button', { name: 'Continue' }).click();
}
