import path from 'node:path';
import type { Page } from 'playwright/test';
import { openDatabase } from '#lib/server/platform/database/database.ts';

const migrationsDir = path.resolve(import.meta.dirname, '../../../prisma/migrations');

/** Fills in the form that begins or announces maintenance, and sends it. */
export async function begin(page: Page, starts: string, message = 'New disks are being put in.'): Promise<void> {
	await page.goto('/admin/maintenance');
	await page.getByLabel('Message').fill(message);
	await page.getByLabel('Begins').selectOption(starts);
	await page.getByLabel('Expected to take').selectOption('30 minutes');
	await page.getByRole('checkbox', { name: /^I know that \d+ (person|people)/ }).check();
	await page.getByRole('button', { name: /^(Begin|Announce) maintenance$/ }).click();
}

/** What a page in maintenance says. */
export const heading = (page: Page) => page.getByRole('heading', { name: 'Down for maintenance' });

/** Puts the end that was set so far off, as if that much time had passed. */
export async function endIn(dataDir: string, ms: number): Promise<void> {
	const database = await openDatabase({ dataDir, migrationsDir, maxConnections: 1 });
	try {
		await database.pool.query(
			`UPDATE immich_auth.setting SET "value" = jsonb_set("value", '{endsAtMs}', to_jsonb($1::bigint)) WHERE "key" = 'maintenance'`,
			[Date.now() + ms]
		);
	} finally {
		await database.close();
	}
}
