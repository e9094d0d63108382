import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, it } from 'vitest';
import { openDatabase } from '#lib/server/platform/database/database.ts';
import { startEmbeddedPostgres } from '#lib/server/platform/embedded-postgres/index.ts';
import { StartupError } from '#lib/server/platform/database/startup-error.ts';
import { newDataFolder, useDataFolders } from '#tests/support/data-folder.ts';
import { migrationsDir } from '#tests/support/database.ts';

useDataFolders();

it('refuses a standby, because it is read-only', async () => {
	const dataDir = await newDataFolder();
	const primary = await startEmbeddedPostgres({ dataDir, transport: 'tcp' });
	await primary.stop();
	await writeFile(path.join(dataDir, 'postgres/data/standby.signal'), '');
	const standby = await startEmbeddedPostgres({ dataDir, transport: 'tcp' });
	const { host, port, user, password, database } = standby.connection;
	const databaseUrl = `postgresql://${user}:${password ?? ''}@${host}:${String(port)}/${database}`;
	try {
		const refusal = openDatabase({ databaseUrl, dataDir: '/nonexistent', migrationsDir });
		await expect(refusal).rejects.toThrow(StartupError);
		await expect(refusal).rejects.toThrow('is a standby, which can only be read');
	} finally {
		await standby.stop();
	}
}, 120_000);
