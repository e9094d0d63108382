import path from 'node:path';
import type { Page } from 'playwright/test';
import { openDatabase } from '#lib/server/platform/database/database.ts';

const migrationsDir = path.resolve(import.meta.dirname, '../../../prisma/migrations');

/** Fills in and submits the form that starts or announces maintenance. */
export async function begin(page: Page, starts: string, message = 'New disks are being put in.'): Promise<void> {
	await page.goto('/admin/maintenance');
	await page.getByLabel('Message').fill(message);
	await page.getByLabel('Begins').selectOption(starts);
	await page.getByLabel('Expected duration').selectOption('30 minutes');
	await page.getByRole('checkbox', { name: /^I understand that \d+ signed-in users?/ }).check();
	await page.getByRole('button', { name: /^(Start|Announce) maintenance$/ }).click();
}

/** The heading of a page in maintenance. */
export const heading = (page: Page) => page.getByRole('heading', { name: 'Down for maintenance' });

/** Moves the end of maintenance to this many milliseconds from now, as if time had passed. */
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
